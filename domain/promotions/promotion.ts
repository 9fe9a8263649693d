import { parseDecimal } from '../values/decimal.ts';
import type { PromotionId, StoreId } from '../values/ids.ts';
import type { BusinessDate, Instant } from '../values/time.ts';
import { toLedgerUnits, type Unit } from '../values/units.ts';

/** Multipliers are scaled integers: 2.5 is 2_500_000. */
export const MULTIPLIER_SCALE = 6;
export const MULTIPLIER_ONE = 10n ** BigInt(MULTIPLIER_SCALE);

/**
 * A layer over a program's rules: when a sale falls into its window and its customer is meant, the
 * rules are multiplied or a bonus is added. As the owner writes it, and as it is stored.
 */
export interface PromotionDefinition {
  name: string;
  window: {
    /** First and last business date, both included; absent means without end. */
    from?: BusinessDate | undefined;
    to?: BusinessDate | undefined;
    /** ISO weekdays, 1 = Monday. */
    weekdays?: readonly number[] | undefined;
    /** `HH:MM` on the store's clock, from included, to not; `to` before `from` runs past midnight. */
    hours?: { from: string; to: string } | undefined;
  };
  /** Absent means every store of the program. */
  storeIds?: readonly StoreId[] | undefined;
  /** Names of levels; absent means everybody. */
  tiers?: readonly string[] | undefined;
  audience?: Audience | undefined;
  effect:
    | { kind: 'multiplier'; multiplier: string }
    /** Decimal string in the program's unit, once a sale. */
    | { kind: 'bonus'; amount: string };
  /** Whether its multiplier multiplies with others instead of competing with them. */
  stackable: boolean;
  /** How often one customer has it. */
  limit?: UseLimit | undefined;
  /** What it may give in all, as a decimal string in the program's unit. */
  budget?: string | undefined;
}

export type Audience =
  { kind: 'firstPurchase' } | { kind: 'birthdayWeek' } | { kind: 'tag'; tag: string };

export interface UseLimit {
  uses: number;
  per: 'day' | 'week' | 'month' | 'promotion';
}

/** The time during which one wording of a promotion was on. */
export interface Edition {
  from: Instant;
  /** Not included; null while it is on. */
  to: Instant | null;
  definition: PromotionDefinition;
}

/**
 * One edition of a promotion, read once and ready to be asked about every sale. Sales are judged by
 * the edition that was on when they occurred, so a late sale keeps what the shop's window promised.
 */
export interface LivePromotion {
  /** Null for those written in a program's version, which have no limits and no budget. */
  id: PromotionId | null;
  name: string;
  liveFrom: Instant;
  liveTo: Instant | null;
  dateFrom: BusinessDate | null;
  dateTo: BusinessDate | null;
  /** Bit n is ISO weekday n. */
  weekdays: number;
  /** Minutes of the local day. */
  hours: { from: number; to: number } | null;
  stores: ReadonlySet<StoreId> | null;
  tiers: ReadonlySet<string> | null;
  audience: Audience | null;
  /** Scaled, > 1; null for a bonus. */
  multiplier: bigint | null;
  /** Ledger units; 0 for a multiplier. */
  bonus: number;
  stackable: boolean;
  limit: UseLimit | null;
  hasBudget: boolean;
}

const EVERY_WEEKDAY = 0b1111_1110;

/**
 * Reads a promotion's editions for judging, the largest multipliers first.
 * @throws RangeError for amounts that its unit cannot hold (see `findPromotionFault`)
 */
export function compilePromotions(
  promotions: readonly { id: PromotionId; editions: readonly Edition[] }[],
  unit: Unit,
): LivePromotion[] {
  return promotions
    .flatMap(({ id, editions }) => editions.map((edition) => compile(id, edition, unit)))
    .toSorted(byMultiplier);
}

/** A promotion as a program's version may hold it: on all the time, or on some weekdays. */
export interface VersionPromotion {
  name: string;
  /** ISO weekdays (1 = Monday) of the store's business date; absent means every day. */
  weekdays?: readonly number[] | undefined;
  /** Decimal string, e.g. `2` for double points. */
  multiplier: string;
}

/** Reads a version's own promotions; one of × 1 or less would take away, and is left out. */
export function compileVersionPromotions(promotions: readonly VersionPromotion[]): LivePromotion[] {
  return promotions
    .map((promotion) => ({
      ...ALWAYS_ON,
      name: promotion.name,
      weekdays: promotion.weekdays ? bits(promotion.weekdays) : EVERY_WEEKDAY,
      multiplier: parseDecimal(promotion.multiplier, MULTIPLIER_SCALE),
    }))
    .filter((promotion) => promotion.multiplier > MULTIPLIER_ONE)
    .toSorted(byMultiplier);
}

const ALWAYS_ON = {
  id: null,
  liveFrom: Number.NEGATIVE_INFINITY,
  liveTo: null,
  dateFrom: null,
  dateTo: null,
  hours: null,
  stores: null,
  tiers: null,
  audience: null,
  bonus: 0,
  stackable: false,
  limit: null,
  hasBudget: false,
} as const;

function compile(id: PromotionId, { from, to, definition }: Edition, unit: Unit): LivePromotion {
  const { window, storeIds, tiers, effect } = definition;
  return {
    id,
    name: definition.name,
    liveFrom: from,
    liveTo: to,
    dateFrom: window.from ?? null,
    dateTo: window.to ?? null,
    weekdays: window.weekdays ? bits(window.weekdays) : EVERY_WEEKDAY,
    hours: window.hours
      ? { from: minutesOf(window.hours.from), to: minutesOf(window.hours.to) }
      : null,
    stores: storeIds ? new Set(storeIds) : null,
    tiers: tiers ? new Set(tiers) : null,
    audience: definition.audience ?? null,
    multiplier:
      effect.kind === 'multiplier' ? parseDecimal(effect.multiplier, MULTIPLIER_SCALE) : null,
    bonus: effect.kind === 'bonus' ? toLedgerUnits(effect.amount, unit) : 0,
    stackable: definition.stackable,
    limit: definition.limit ?? null,
    hasBudget: definition.budget !== undefined,
  };
}

function byMultiplier(a: LivePromotion, b: LivePromotion): number {
  const [x, y] = [a.multiplier ?? 0n, b.multiplier ?? 0n];
  if (x !== y) return x > y ? -1 : 1;
  if (a.id === null || b.id === null) return 0;
  return a.id < b.id ? -1 : 1;
}

function bits(weekdays: readonly number[]): number {
  let mask = 0;
  for (const weekday of weekdays) mask |= 1 << weekday;
  return mask;
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

/** What makes a definition senseless; told as a refusal's code, in order of precedence. */
export type PromotionFault =
  | 'window-ends-before-it-begins'
  | 'hours-are-empty'
  | 'multiplier-too-small'
  | 'fraction-of-a-stamp';

/** The first thing in a definition that no sale could be judged by, or undefined. */
export function findPromotionFault(
  definition: PromotionDefinition,
  unit: Unit,
): PromotionFault | undefined {
  const { window, effect, budget } = definition;
  if (window.from && window.to && window.to < window.from) return 'window-ends-before-it-begins';
  if (window.hours && window.hours.from === window.hours.to) return 'hours-are-empty';
  if (
    effect.kind === 'multiplier' &&
    parseDecimal(effect.multiplier, MULTIPLIER_SCALE) <= MULTIPLIER_ONE
  ) {
    return 'multiplier-too-small';
  }
  const amounts = [budget, effect.kind === 'bonus' ? effect.amount : undefined];
  if (unit === 'stamp' && amounts.some((amount) => amount?.includes('.'))) {
    return 'fraction-of-a-stamp';
  }
  return undefined;
}
