import { type ExplanationStep, step } from '../earning/explanation.ts';
import type { PresentedAmount } from '../earning/outcome.ts';
import { formatMoney, type Money } from '../values/money.ts';
import { describeAmount, presentAmount, type Unit } from '../values/units.ts';
import type { CardRefund, RecordedRefund } from './decide-refund.ts';

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

/** Renders a decision as the API shows it. */
export function presentRefund(
  refund: RecordedRefund,
  names: {
    id: string;
    externalId: string;
    transactionId: string;
    occurredAt: string;
    reason: string | null;
  },
): RefundOutcome {
  const { refunded, remaining, store } = refund;
  return {
    ...names,
    storeId: store.id,
    refunded,
    remaining,
    cards: refund.cards.map((card) => presentCard(card, refund)),
  };
}

function presentCard(refund: CardRefund, sale: RecordedRefund): CardRefundOutcome {
  const { card, program, reversed, takenBack } = refund;
  const { unit } = program;
  return {
    cardId: card.id,
    programId: program.id,
    unit,
    reversed: presentAmount(reversed, unit),
    balance: presentAmount(card.balance, unit),
    debt: presentAmount(card.debt, unit),
    rewardsRevoked: (takenBack?.revoked ?? []).map(({ id, name, code }) => ({ id, name, code })),
    rewardsRestored: [],
    explanation: explain(refund, sale),
  };
}

function explain(
  { program, reversed, keeps, takenBack }: CardRefund,
  { remaining }: RecordedRefund,
): ExplanationStep[] {
  const amount = (units: number) => describeAmount(units, program.unit);
  const left = `${formatMoney(remaining)} of the sale stands and earns ${amount(keeps)}`;
  const steps = [step('remains', left), step('reversed', `Taken back: ${amount(reversed)}`)];
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
