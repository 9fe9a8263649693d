import type { Card } from '../ledger/card.ts';
import { activeUntilAfter, lotExpiry, withActivity } from '../expiry/lot-expiry.ts';
import type { CardChange, CardPerks } from '../ledger/book-entry.ts';
import { drawFromLots, applyDraws, type Lot, type NewLot, sumDraws } from '../ledger/lots.ts';
import type { Posting } from '../ledger/posting.ts';
import type { OffersOnCard } from '../offers/offer.ts';
import { judgingVersion, type Program, type ProgramVersion } from '../programs/program.ts';
import { type IssuedReward, MAX_REWARDS_PER_PURCHASE, mintRewards } from '../rewards/mint.ts';
import type { JudgedLayer } from '../promotions/layers.ts';
import type { CardJudgement } from '../refunds/judgement.ts';
import type { Suspicion } from '../fraud/rules.ts';
import type { ApprovalId } from '../tenancy/approval.ts';
import type { IdSource } from '../values/ids.ts';
import { localDate } from '../values/time.ts';
import { describeAmount, describeProgress, spendable, toLedgerUnits } from '../values/units.ts';
import { computeBase } from './base.ts';
import { applyCaps, type Earning } from './caps.ts';
import { type ExplanationStep, step } from './explanation.ts';
import { type EarningFacts, perksOf } from './facts.ts';
import { promote } from './promote.ts';
import type { Purchase } from './purchase.ts';

/** What one purchase does to one card. */
export interface CardDecision extends CardChange {
  program: Program;
  /** Ledger units given, after caps. */
  earned: number;
  /** Ledger units that caps took away. */
  capped: number;
  /** What the current reward costs in ledger units; null where none is minted by itself. */
  target: number | null;
  /** What promotions and the level gave, for a later refund; empty where none applied. */
  layers: readonly JudgedLayer[];
  explanation: readonly ExplanationStep[];
  /** Whether it was kept from earning, and from bringing on offers. */
  isWithheld?: true;
  /** What waits for somebody's approval; absent where nothing does. */
  held?: HeldCard;
  /** What a refund is judged by; null where nothing was given. */
  judgement: CardJudgement | null;
  /** What the sale did to offers of the program; absent where the customer had none open. */
  offers?: OffersOnCard;
}

export interface EarnInput {
  purchase: Purchase;
  program: Program;
  card: Card;
  isNewCard: boolean;
  earnings: readonly Earning[];
  /** What promotions, levels and staff caps need to know; only where the program has any. */
  facts?: EarningFacts | undefined;
  /** Why it earns nothing for now or at all, though the rules would give; absent where it earns. */
  withheld?: readonly ExplanationStep[] | undefined;
}

/** What a held sale would give a card, and why it waits. */
export interface HeldCard {
  approvalId: ApprovalId;
  suspicions: readonly Suspicion[];
  /** Ledger units, as of its recording; what it gives is judged when it is approved. */
  wouldEarn: number;
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

  const opened = input.isNewCard ? [step('card-opened', `New card in ${program.name}`)] : [];
  if (input.withheld) {
    return { ...nothing(input, [...opened, ...input.withheld]), isWithheld: true };
  }

  const base = computeBase(purchase, version);
  const { facts } = input;
  const promoted = promote({
    program,
    version,
    purchase,
    base,
    facts: facts?.promotions,
    tier: facts?.tier?.held ?? null,
  });
  const caps = applyCaps(promoted.amount, version.caps, {
    unit: program.unit,
    occurredAt: purchase.occurredAt,
    businessDate: purchase.businessDate,
    earnings: input.earnings,
    staffGiven: facts?.staff?.given,
  });
  const layers = promoted.settle(caps.amount);
  const decision = credit(input, { version, layers }, caps, ids, [
    step('program-version', `${program.name}, version ${version.number}`),
    ...opened,
    ...base.steps,
    ...promoted.steps,
    ...caps.steps,
  ]);
  const perks = perksOf(input, facts, { base, layers, caps });
  return perks ? withPerks(decision, perks, purchase) : decision;
}

/** Notes what the sale used up, and the level that it brought. */
function withPerks(
  { judgement, ...rest }: CardDecision,
  perks: CardPerks,
  { businessDate: date }: Purchase,
): CardDecision {
  const isNoted = perks.uses.length > 0 || perks.progress !== null;
  const noted = { date, ...(perks.progress && { countsForLevels: true as const }) };
  const decision = {
    ...rest,
    perks,
    judgement: judgement && isNoted ? { ...judgement, noted } : judgement,
  };
  if (!perks.tierChange) return decision;
  const { card } = decision;
  return {
    ...decision,
    card: { ...card, sequence: card.sequence + 1 },
    explanation: [
      ...decision.explanation,
      step('tier-changed', `Reached ${perks.tierChange.to.level ?? 'no level'}`),
    ],
  };
}

function credit(
  input: EarnInput,
  judged: { version: ProgramVersion; layers: readonly JudgedLayer[] },
  given: { amount: number; capped: number },
  ids: IdSource,
  steps: ExplanationStep[],
): CardDecision {
  const { purchase, program, card } = input;
  const { version } = judged;
  const newLot = given.amount > 0 ? lotOf(input, version, given.amount, ids) : null;
  const activeUntil = newLot
    ? activeUntilAfter(program, version, { at: purchase.occurredAt, card })
    : card.activeUntil;
  const lots = withActivity(newLot ? [...card.lots, newLot] : card.lots, activeUntil);
  const repaid = repayDebt(card, lots, given.amount);
  const minted = mintRewards(
    program,
    {
      cardId: card.id,
      balance: card.balance + given.amount - repaid.amount,
      lots: repaid.lots,
      versionNumber: version.number,
      at: purchase.occurredAt,
    },
    ids,
  );
  const kept = newLot ? restLeft(input, version, minted, newLot) : minted.lots;
  const postings: Posting[] = newLot
    ? [{ cardId: card.id, from: 'issued', to: 'card', amount: given.amount, draws: [] }]
    : [];
  postings.push(...repaid.postings, ...minted.postings);
  const goal = program.versions.find((v) => v.number === minted.versionNumber)?.autoReward;
  const target = goal ? toLedgerUnits(goal.cost, program.unit) : null;

  return {
    program,
    card: {
      ...card,
      balance: minted.balance,
      debt: card.debt - repaid.amount,
      activeUntil,
      lots: kept.filter((lot) => lot.remaining > 0),
      versionNumber: minted.versionNumber,
      sequence:
        card.sequence + (newLot ? 1 : 0) + minted.rewards.length + (input.isNewCard ? 1 : 0),
    },
    isNewCard: input.isNewCard,
    earned: given.amount,
    capped: given.capped,
    balanceBefore: card.balance,
    debtBefore: card.debt,
    target,
    layers: judged.layers,
    postings,
    newLots: newLot ? [{ ...newLot, ...find(newLot, kept) }] : [],
    draws: sumDraws(postings.flatMap((posting) => posting.draws)).filter(
      (draw) => draw.lotId !== newLot?.id,
    ),
    rewards: minted.rewards,
    rewardChanges: [],
    explanation: [
      ...steps,
      ...closingSteps(program, { earned: given.amount, repaid: repaid.amount }, minted, target),
      ...(newLot ? expirySteps(program, version, find(newLot, kept)) : []),
    ],
    judgement: newLot && judgementFor(newLot, program, judged),
  };
}

function judgementFor(
  lot: NewLot,
  program: Program,
  { version, layers }: { version: ProgramVersion; layers: readonly JudgedLayer[] },
): CardJudgement {
  return {
    cardId: lot.cardId,
    programId: program.id,
    version: version.number,
    ...(layers.length > 0 && { layers }),
    earned: lot.amount,
    lotId: lot.id,
  };
}

function lotOf(
  { card, program, purchase }: EarnInput,
  version: ProgramVersion,
  amount: number,
  ids: IdSource,
): NewLot {
  const at = purchase.occurredAt;
  return {
    id: ids.id('lot'),
    cardId: card.id,
    earnedAt: at,
    ...lotExpiry(version.expiry, { at, zone: program.zone, card }),
    amount,
    remaining: amount,
  };
}

/** What a card owes is paid from what it earns before anything else is. */
function repayDebt(card: Card, lots: readonly Lot[], earned: number) {
  const amount = Math.min(card.debt, earned);
  if (amount === 0) return { amount, lots, postings: [] };
  const draws = drawFromLots(lots, amount);
  const posting: Posting = { cardId: card.id, from: 'card', to: 'debt', amount, draws };
  return { amount, lots: applyDraws(lots, draws), postings: [posting] };
}

/** The lots after minting: what is left of this sale's lot when it completed a card begins the next. */
function restLeft(
  { card, program, purchase }: EarnInput,
  version: ProgramVersion,
  minted: { rewards: readonly IssuedReward[]; lots: readonly Lot[] },
  newLot: NewLot,
): readonly Lot[] {
  if (minted.rewards.length === 0) return minted.lots;
  const { activeUntil } = card;
  const at = purchase.occurredAt;
  const empty = { lots: [], activeUntil };
  const expiry = lotExpiry(version.expiry, { at, zone: program.zone, card: empty });
  return minted.lots.map((lot) => (lot.id === newLot.id ? { ...lot, ...expiry } : lot));
}

function find(lot: Lot, lots: readonly Lot[]): Lot {
  return lots.find((l) => l.id === lot.id) ?? lot;
}

function closingSteps(
  program: Program,
  { earned, repaid }: { earned: number; repaid: number },
  minted: { balance: number; rewards: readonly IssuedReward[]; postponed: boolean },
  target: number | null,
): ExplanationStep[] {
  const { unit } = program;
  const steps = [step('earned', `Earned ${describeAmount(earned, unit)}`)];
  if (repaid > 0) {
    const text = `${describeAmount(repaid, unit)} repaid what an earlier refund could not take back`;
    steps.push(step('debt-repaid', text));
  }
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

function expirySteps(program: Program, version: ProgramVersion, lot: Lot): ExplanationStep[] {
  if (lot.expiresAt === null || lot.remaining === 0) return [];
  const kept = describeAmount(lot.remaining, program.unit);
  const until = `until the end of ${localDate(lot.expiresAt, program.zone)}`;
  const unless = version.expiry.kind === 'inactivity' ? ', and longer with each visit' : '';
  return [step('expires', `${kept} of it valid ${until}${unless}`)];
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
    debtBefore: card.debt,
    target: null,
    layers: [],
    postings: [],
    newLots: [],
    draws: [],
    rewards: [],
    rewardChanges: [],
    explanation,
    judgement: null,
  };
}
