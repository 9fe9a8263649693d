import type { Card } from '../ledger/card.ts';
import { type Lot, type LotDraw, sumDraws } from '../ledger/lots.ts';
import { balanceChange, type Posting } from '../ledger/posting.ts';
import { judgingVersion, type Program, type ProgramVersion } from '../programs/program.ts';
import { type IssuedReward, MAX_REWARDS_PER_PURCHASE, mintRewards } from '../rewards/mint.ts';
import type { IdSource } from '../values/ids.ts';
import { describeAmount, describeProgress, spendable, toLedgerUnits } from '../values/units.ts';
import { computeBase } from './base.ts';
import { applyCaps, type Earning } from './caps.ts';
import { type ExplanationStep, step } from './explanation.ts';
import { multiplierAt } from './promotions.ts';
import type { Purchase } from './purchase.ts';
import { applyRules } from './rules.ts';

/** What one purchase does to one card. */
export interface CardDecision {
  program: Program;
  /** The card as it is after the purchase. */
  card: Card;
  isNewCard: boolean;
  /** Ledger units given, after caps. */
  earned: number;
  /** Ledger units that caps took away. */
  capped: number;
  balanceBefore: number;
  /** What the current reward costs in ledger units; null where none is minted by itself. */
  target: number | null;
  postings: readonly Posting[];
  /** The lot this purchase added, less what its own rewards drew; null when nothing was earned. */
  newLot: Lot | null;
  /** What the rewards drew from older lots, one entry per lot. */
  draws: readonly LotDraw[];
  rewards: readonly IssuedReward[];
  explanation: readonly ExplanationStep[];
}

export interface EarnInput {
  purchase: Purchase;
  program: Program;
  card: Card;
  isNewCard: boolean;
  earnings: readonly Earning[];
}

/**
 * Judges one purchase for one card: base, rules, caps, posting, lot, and the rewards that the new
 * balance mints. Everything is judged at the purchase's own time.
 */
export function earn(input: EarnInput, ids: IdSource): CardDecision {
  const { purchase, program, card } = input;
  if (card.status !== 'active') {
    return nothing(input, [
      step(
        'card-blocked',
        `This card is ${card.status}: the purchase is recorded and earns nothing`,
      ),
    ]);
  }
  const version = judgingVersion(program, card, purchase.occurredAt);
  if (!version) {
    return nothing(input, [step('no-version-in-force', `${program.name} had not begun`)]);
  }
  if (purchase.currency !== program.currency) {
    const text = `Paid in ${purchase.currency}; ${program.name} counts ${program.currency}`;
    return nothing(input, [step('other-currency', text)]);
  }

  const base = computeBase(purchase, { earnOnTax: version.earnOnTax });
  const multiplier = multiplierAt(version.promotions, purchase.businessDate);
  const rules = applyRules(program, version, base, multiplier);
  const caps = applyCaps(rules.amount, version.caps, {
    unit: program.unit,
    occurredAt: purchase.occurredAt,
    businessDate: purchase.businessDate,
    earnings: input.earnings,
  });
  const opened = input.isNewCard ? [step('card-opened', `New card in ${program.name}`)] : [];
  return credit(input, version, caps, ids, [
    step('program-version', `${program.name}, version ${version.number}`),
    ...opened,
    ...base.steps,
    ...rules.steps,
    ...caps.steps,
  ]);
}

function credit(
  input: EarnInput,
  version: ProgramVersion,
  given: { amount: number; capped: number },
  ids: IdSource,
  steps: ExplanationStep[],
): CardDecision {
  const { purchase, program, card } = input;
  const newLot: Lot | null =
    given.amount === 0
      ? null
      : {
          id: ids.id('lot'),
          cardId: card.id,
          earnedAt: purchase.occurredAt,
          expiresAt: null,
          remaining: given.amount,
        };
  const postings: Posting[] = newLot
    ? [{ cardId: card.id, from: 'issued', to: 'card', amount: given.amount, draws: [] }]
    : [];
  const minted = mintRewards(
    program,
    {
      cardId: card.id,
      balance: card.balance + given.amount,
      lots: newLot ? [...card.lots, newLot] : card.lots,
      versionNumber: version.number,
      at: purchase.occurredAt,
    },
    ids,
  );
  postings.push(...minted.postings);
  const goal = program.versions.find((v) => v.number === minted.versionNumber)?.autoReward;
  const target = goal ? toLedgerUnits(goal.cost, program.unit) : null;

  return {
    program,
    card: {
      ...card,
      balance: minted.balance,
      lots: minted.lots.filter((lot) => lot.remaining > 0),
      versionNumber: minted.versionNumber,
      sequence:
        card.sequence + (newLot ? 1 : 0) + minted.rewards.length + (input.isNewCard ? 1 : 0),
    },
    isNewCard: input.isNewCard,
    earned: given.amount,
    capped: given.capped,
    balanceBefore: card.balance,
    target,
    postings,
    newLot: minted.lots.find((lot) => lot.id === newLot?.id) ?? null,
    draws: sumDraws(minted.postings.flatMap((posting) => posting.draws)).filter(
      (draw) => draw.lotId !== newLot?.id,
    ),
    rewards: minted.rewards,
    explanation: [...steps, ...closingSteps(program, given.amount, minted, target)],
  };
}

function closingSteps(
  program: Program,
  earned: number,
  minted: { balance: number; rewards: readonly IssuedReward[]; postponed: boolean },
  target: number | null,
): ExplanationStep[] {
  const { unit } = program;
  const steps = [step('earned', `Earned ${describeAmount(earned, unit)}`)];
  for (const reward of minted.rewards) {
    steps.push(step('reward-issued', `${reward.name} for ${describeAmount(reward.cost, unit)}`));
  }
  if (minted.postponed) {
    const text = `${MAX_REWARDS_PER_PURCHASE} rewards at most per purchase; the rest follow with the next`;
    steps.push(step('rewards-postponed', text));
  }
  const fraction = minted.balance - spendable(minted.balance, unit);
  if (fraction > 0) {
    const text = `${describeAmount(fraction, unit)} carried towards the next whole one`;
    steps.push(step('fraction-carried', text));
  }
  if (target !== null && minted.balance < target) {
    steps.push(step('progress', describeProgress(minted.balance, target, unit)));
  }
  return steps;
}

function nothing(input: EarnInput, explanation: ExplanationStep[]): CardDecision {
  const { card, program } = input;
  return {
    program,
    card: { ...card, sequence: card.sequence + (input.isNewCard ? 1 : 0) },
    isNewCard: input.isNewCard,
    earned: 0,
    capped: 0,
    balanceBefore: card.balance,
    target: null,
    postings: [],
    newLot: null,
    draws: [],
    rewards: [],
    explanation,
  };
}

/** Checks a decision against itself: what the postings say is what the balance did. */
export function isBalanced(decision: CardDecision): boolean {
  const moved = decision.postings.reduce((total, posting) => total + balanceChange(posting), 0);
  return decision.card.balance >= 0 && decision.balanceBefore + moved === decision.card.balance;
}
