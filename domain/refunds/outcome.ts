import { type ExplanationStep, step } from '../earning/explanation.ts';
import type { PresentedAmount } from '../earning/outcome.ts';
import { formatMoney, type Money } from '../values/money.ts';
import { describeAmount, presentAmount, type Unit } from '../values/units.ts';
import { localDate } from '../values/time.ts';
import type { CardRefund, RecordedRefund } from './decide-refund.ts';
import type { PointsBack } from './points-back.ts';
import type { RestoredUse } from './restore-used.ts';

/** What a job answers about a refund. Stored with its transaction as it is. */
export interface RefundOutcome {
  id: string;
  externalId: string;
  /** The sale. */
  transactionId: string;
  storeId: string;
  occurredAt: string;
  refunded: Money;
  /** What is left of the sale. */
  remaining: Money;
  reason: string | null;
  cards: CardRefundOutcome[];
  /** Of the points that paid for the sale; absent where none came back. */
  pointsReturned?: {
    cardId: string;
    programId: string;
    amount: PresentedAmount;
    /** After all of the refund. */
    balance: PresentedAmount;
    text: string;
  };
}

export interface CardRefundOutcome {
  cardId: string;
  programId: string;
  unit: Unit;
  reversed: PresentedAmount;
  balance: PresentedAmount;
  debt: PresentedAmount;
  /** Their codes are good no longer. */
  rewardsRevoked: NamedReward[];
  /** Used in the sale and given back. */
  rewardsRestored: (NamedReward & { expiresAt: string | null })[];
  explanation: readonly ExplanationStep[];
}

export interface NamedReward {
  id: string;
  name: string;
  code: string;
}

/** Renders a decision as the API shows it, with the rewards that the refund gives back. */
export function presentRefund(
  refund: RecordedRefund,
  restored: readonly RestoredUse[],
  names: {
    id: string;
    externalId: string;
    transactionId: string;
    occurredAt: string;
    reason: string | null;
  },
): RefundOutcome {
  const { refunded, remaining, store } = refund;
  const earned = new Set<string>(refund.cards.map(({ card }) => card.id));
  // A reward may be on a card that earned nothing in the sale.
  const others = restored.filter(({ reward }) => !earned.has(reward.cardId));
  const byCard = Map.groupBy(others, ({ reward }) => reward.cardId);
  return {
    ...names,
    storeId: store.id,
    refunded,
    remaining,
    ...(refund.pointsBack && { pointsReturned: presentPoints(refund.pointsBack, refund) }),
    cards: [
      ...refund.cards.map((card) =>
        presentCard(
          card,
          refund,
          restored.filter(({ reward }) => reward.cardId === card.card.id),
        ),
      ),
      ...[...byCard.values()].map(presentOther),
    ],
  };
}

/** Why points came back, for people to read. */
export function explainPointsBack({ program, amount, repaid }: PointsBack): ExplanationStep[] {
  const text = `${describeAmount(amount, program.unit)} that paid for the sale came back`;
  const steps = [step('points-returned', text)];
  if (repaid > 0) {
    const owed = describeAmount(repaid, program.unit);
    steps.push(step('debt-repaid', `${owed} of it paid what was owed before`));
  }
  return steps;
}

function presentPoints(back: PointsBack, { cards }: RecordedRefund) {
  const { program, amount, change } = back;
  const { card } = cards.find((refund) => refund.card.id === change.card.id) ?? change;
  return {
    cardId: card.id,
    programId: program.id,
    amount: presentAmount(amount, program.unit),
    balance: presentAmount(card.balance, program.unit),
    text: `${describeAmount(amount, program.unit)} came back`,
  };
}

/** What became of a reward, for people to read. */
export function describeRestored({ reward, restored, program, repaid }: RestoredUse): string {
  if (!restored) {
    const owed = describeAmount(repaid, program.unit);
    return `${reward.name} was used in the sale: what it cost pays the ${owed} that are owed for it`;
  }
  const { expiresAt } = restored.reward;
  const end = expiresAt === null ? '' : `, good until ${localDate(expiresAt, program.zone)}`;
  return `${reward.name} was used in the sale and is given back${end}`;
}

function presentRestored({ restored }: RestoredUse): CardRefundOutcome['rewardsRestored'] {
  if (!restored) return [];
  const { id, name, code, expiresAt } = restored.reward;
  const until = expiresAt === null ? null : new Date(expiresAt).toISOString();
  return [{ id, name, code, expiresAt: until }];
}

function explainRestored(restored: readonly RestoredUse[]): ExplanationStep[] {
  return restored.map((use) => step('reward-restored', describeRestored(use)));
}

/** A card to which the sale gave nothing, and the refund gives its rewards back. */
function presentOther(restored: readonly RestoredUse[]): CardRefundOutcome {
  const [first] = restored;
  if (!first) throw new Error('no reward to give back');
  const { program } = first;
  const { change } = restored.at(-1) ?? first;
  const { unit } = program;
  return {
    cardId: change.card.id,
    programId: program.id,
    unit,
    reversed: presentAmount(0, unit),
    balance: presentAmount(change.card.balance, unit),
    debt: presentAmount(change.card.debt, unit),
    rewardsRevoked: [],
    rewardsRestored: restored.flatMap(presentRestored),
    explanation: explainRestored(restored),
  };
}

function presentCard(
  refund: CardRefund,
  sale: RecordedRefund,
  restored: readonly RestoredUse[],
): CardRefundOutcome {
  const { card, program, reversed, takenBack } = refund;
  const { unit } = program;
  const after = restored.at(-1)?.change.card ?? card;
  return {
    cardId: card.id,
    programId: program.id,
    unit,
    reversed: presentAmount(reversed, unit),
    balance: presentAmount(after.balance, unit),
    debt: presentAmount(after.debt, unit),
    rewardsRevoked: (takenBack?.revoked ?? []).map(({ id, name, code }) => ({ id, name, code })),
    rewardsRestored: restored.flatMap(presentRestored),
    explanation: [...explain(refund, sale), ...explainRestored(restored)],
  };
}

function explain(
  { program, reversed, keeps, takenBack, perks }: CardRefund,
  { remaining }: RecordedRefund,
): ExplanationStep[] {
  const amount = (units: number) => describeAmount(units, program.unit);
  const left = `${formatMoney(remaining)} of the sale stands and earns ${amount(keeps)}`;
  const steps = [step('remains', left), step('reversed', `Taken back: ${amount(reversed)}`)];
  if (perks?.tierChange) {
    const { from, to } = perks.tierChange;
    const now = to.level === null ? 'no level is held' : `the level is ${to.level}`;
    steps.push(step('tier-changed', `${from} was reached by what was refunded: ${now} now`));
  }
  if (!takenBack) return steps;
  const { kept, revoked, issued, spared, owed, forgiven, repaid } = takenBack;
  for (const { name } of revoked) {
    steps.push(step('reward-revoked', `${name} is not paid for any more and was taken back`));
  }
  for (const { name } of kept) {
    steps.push(step('reward-kept', `${name} stays: what is left on the card pays for it`));
  }
  if (spared > 0) {
    steps.push(step('already-expired', `${amount(spared)} had expired and is not charged again`));
  }
  if (owed > 0) {
    steps.push(step('debt', `${amount(owed)} had been spent and is owed: the next earning pays`));
  }
  if (forgiven > 0) {
    steps.push(step('debt-forgiven', `${amount(forgiven)} had been spent and is not owed`));
  }
  if (repaid > 0) {
    steps.push(step('debt-repaid', `${amount(repaid)} that came back paid what was owed before`));
  }
  for (const { name, cost } of issued) {
    steps.push(step('reward-issued', `${name} for ${amount(cost)}`));
  }
  return steps;
}
