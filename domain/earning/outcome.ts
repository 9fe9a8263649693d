import { describeProgress, presentAmount, type Unit } from '../values/units.ts';
import type { CardDecision, HeldCard } from './earn.ts';
import type { RecordedPurchase } from './decide-purchase.ts';
import type { Benefit } from '../programs/program.ts';
import type { OfferNote } from '../offers/offer.ts';
import type { ExplanationStep } from './explanation.ts';
import type { Money } from '../values/money.ts';

/** A stamp count as an integer, points as a decimal string. */
export type PresentedAmount = number | string;

/** What a job or a preview answers about a purchase. Stored with the transaction as it is. */
export interface PurchaseOutcome {
  id: string;
  externalId: string;
  storeId: string;
  status: 'recorded' | 'review';
  occurredAt: string;
  businessDate: string;
  total: Money;
  customerId: string | null;
  cards: CardOutcome[];
  notes: string[];
  /** What it was paid with in points; absent where it was not. */
  pointsSpent?: PointsSpent;
  /** What became of the vouchers it named; absent where it named none. */
  vouchers?: readonly VoucherOutcome[];
  /** For the receipt of a sale that named nobody: with it a customer can claim the sale. */
  claimCode?: string;
}

/** Points that paid for a sale, before it earned. */
export interface PointsSpent {
  cardId: string;
  programId: string;
  amount: PresentedAmount;
  /** What was left then. */
  balance: PresentedAmount;
  text: string;
}

/** Whether a reward was used in the sale, and why not. */
export type VoucherOutcome = { voucherCode: string } & (
  { used: true; rewardId: string } | { used: false; code: string }
);

export interface CardOutcome {
  cardId: string;
  programId: string;
  unit: Unit;
  earned: PresentedAmount;
  capped: PresentedAmount;
  balance: PresentedAmount;
  /** Towards the next reward; null where none is minted by itself. */
  progress: { current: PresentedAmount; target: PresentedAmount; text: string } | null;
  rewardsIssued: {
    id: string;
    definitionId: string;
    name: string;
    code: string;
    benefit: Benefit;
    expiresAt: string | null;
  }[];
  /** Offers that the sale brought on; absent where there were none. */
  offers?: readonly OfferNote[];
  /** Why nothing was given yet: it waits for somebody's approval. Absent where nothing waits. */
  held?: {
    approvalId: string;
    wouldEarn: PresentedAmount;
    reasons: { rule: string; text: string }[];
  };
  explanation: readonly ExplanationStep[];
}

/** Renders a decision as the API shows it. */
export function presentOutcome(
  recorded: RecordedPurchase,
  names: { id: string; externalId: string },
): PurchaseOutcome {
  const { purchase } = recorded;
  return {
    ...names,
    storeId: purchase.store.id,
    status: recorded.status,
    occurredAt: new Date(purchase.occurredAt).toISOString(),
    businessDate: purchase.businessDate,
    total: { amount: purchase.total, currency: purchase.currency },
    customerId: recorded.customerId,
    cards: recorded.cards.map(presentCard),
    notes: [...recorded.notes],
  };
}

function presentCard(decision: CardDecision): CardOutcome {
  const { unit } = decision.program;
  // What offers gave on top is a transaction of its own, but the customer sees one balance.
  const { balance } = decision.offers?.card ?? decision.card;
  const { target } = decision;
  return {
    cardId: decision.card.id,
    programId: decision.program.id,
    unit,
    earned: presentAmount(decision.earned, unit),
    capped: presentAmount(decision.capped, unit),
    balance: presentAmount(balance, unit),
    progress:
      target === null
        ? null
        : {
            current: presentAmount(balance, unit),
            target: presentAmount(target, unit),
            text: describeProgress(balance, target, unit),
          },
    rewardsIssued: decision.rewards.map((reward) => ({
      id: reward.id,
      definitionId: reward.definitionId,
      name: reward.name,
      code: reward.code,
      benefit: reward.benefit,
      expiresAt: reward.expiresAt === null ? null : new Date(reward.expiresAt).toISOString(),
    })),
    ...(decision.offers && { offers: decision.offers.notes }),
    ...(decision.held && { held: presentHeld(decision.held, unit) }),
    explanation: decision.explanation,
  };
}

function presentHeld({ approvalId, suspicions, wouldEarn }: HeldCard, unit: Unit) {
  const reasons = suspicions.map(({ rule, text }) => ({ rule, text }));
  return { approvalId, wouldEarn: presentAmount(wouldEarn, unit), reasons };
}
