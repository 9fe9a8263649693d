import type { CardPerks, CounterKey, PromotionUse } from '../ledger/book-entry.ts';
import type { PromotionFacts } from '../promotions/customer-facts.ts';
import type { JudgedLayer } from '../promotions/layers.ts';
import type { Program } from '../programs/program.ts';
import {
  ladderOf,
  type TierHolding,
  type TierProgress,
  type TierRules,
  upgrade,
} from '../tiers/tiers.ts';
import type { ProgramId, PromotionId, StaffId } from '../values/ids.ts';
import type { BusinessDate } from '../values/time.ts';
import type { Base } from './base.ts';
import type { Purchase } from './purchase.ts';

/** What must be known beyond the card to judge a sale by promotions, levels and staff caps. */
export interface EarningFacts {
  promotions: PromotionFacts;
  /** Null where the version in force has no levels. */
  tier: TierFacts | null;
  /** Null where no cap counts what staff give, or the sale names nobody. */
  staff: { id: StaffId; given: number } | null;
}

export interface TierFacts {
  rules: TierRules;
  /** The level when the sale occurred. */
  held: { name: string; multiplier: bigint | null } | null;
  history: readonly TierHolding[];
  /** Of the window that the sale's business date lies in, without the sale. */
  progress: TierProgress;
}

/**
 * What a sale notes beside the books: uses, shared counters, progress, and a level reached.
 * Undefined where there is nothing to note.
 */
export function perksOf(
  { program, purchase }: { program: Program; purchase: Purchase },
  facts: EarningFacts | undefined,
  outcome: { base: Base; layers: readonly JudgedLayer[]; caps: { amount: number } },
): CardPerks | undefined {
  if (!facts && outcome.layers.length === 0) return undefined;
  const earned = outcome.caps.amount;
  const date = purchase.businessDate;
  const counts = budgetCounts(outcome.layers);
  if (facts?.staff && earned > 0) {
    counts.push({ key: staffCounter(program.id, facts.staff.id, date), change: earned });
  }
  const gained = { earned, spend: outcome.base.amount };
  return {
    uses: usesOf(outcome.layers, date),
    counts,
    ...tierPerks(facts?.tier ?? null, gained, { program, purchase }),
  };
}

function usesOf(layers: readonly JudgedLayer[], date: BusinessDate): PromotionUse[] {
  return layers.flatMap(({ promotionId, given }) =>
    promotionId !== null && given > 0 ? [{ promotionId, uses: 1, amount: given, date }] : [],
  );
}

/** What layers took from their budgets. */
function budgetCounts(layers: readonly JudgedLayer[]): { key: CounterKey; change: number }[] {
  return layers.flatMap(({ promotionId, room, given }) =>
    promotionId !== null && room !== null && given > 0
      ? [{ key: budgetCounter(promotionId), change: given }]
      : [],
  );
}

function tierPerks(
  tier: TierFacts | null,
  gained: TierProgress,
  { program, purchase }: { program: Program; purchase: Purchase },
): Pick<CardPerks, 'progress' | 'tierChange'> {
  if (!tier || (gained.earned === 0 && gained.spend === 0)) {
    return { progress: null, tierChange: null };
  }
  const progress = {
    earned: tier.progress.earned + gained.earned,
    spend: tier.progress.spend + gained.spend,
  };
  const tierChange = upgrade(
    ladderOf(tier.rules, program.unit),
    { history: tier.history, progress },
    { at: purchase.occurredAt, zone: program.zone },
  );
  return { progress: { ...gained, date: purchase.businessDate }, tierChange };
}

/** The counter of what a promotion has given of its budget, in ledger units. */
export function budgetCounter(id: PromotionId): CounterKey {
  return `budget:${id}`;
}

/** The counter of what a member of staff gave on a business date, in ledger units. */
export function staffCounter(program: ProgramId, staff: StaffId, date: BusinessDate): CounterKey {
  return `staff:${program}:${staff}:${date}`;
}
