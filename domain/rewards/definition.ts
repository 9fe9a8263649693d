import type { Benefit } from '../programs/program.ts';
import type { ProgramId, RewardDefinitionId, StoreId } from '../values/ids.ts';
import { type BusinessDate, endOfDay, type Instant, localDate } from '../values/time.ts';

/** A draft is prepared, a live one can be claimed, a paused one not now, an ended one never again. */
export type RewardDefinitionStatus = 'draft' | 'live' | 'paused' | 'ended';

/** A reward that customers claim: what a program offers for points, or for a coupon. */
export interface RewardDefinition {
  id: RewardDefinitionId;
  programId: ProgramId;
  status: RewardDefinitionStatus;
  /** Raised by every edit; an editor names the one they saw. */
  revision: number;
  /** How many can still be claimed; null means any number. */
  stockLeft: number | null;
  terms: RewardTerms;
}

/** The same as it stands in its row. */
export interface RewardDefinitionFields extends Pick<
  RewardDefinition,
  'programId' | 'status' | 'stockLeft'
> {
  definition: RewardTerms;
}

/** What is promised, to whom, and when. */
export interface RewardTerms {
  name: string;
  /** Whole stamps or points as a decimal string; `0` for a coupon. */
  cost: string;
  benefit: Benefit;
  /** Days that a claimed reward lives; absent means for ever. */
  validForDays?: number | undefined;
  /** The last day on which a claimed reward is good, whatever `validForDays` says. */
  validUntil?: BusinessDate | undefined;
  /** How many there are in all; absent means any number. */
  stock?: number | undefined;
  /** How often one customer may claim it. */
  limitPerCustomer?: number | undefined;
  /** Days on which it can be claimed, both included; an open end is absent. */
  season?: { from?: BusinessDate | undefined; to?: BusinessDate | undefined } | undefined;
  /** Only for customers with one of these tags. */
  customerTags?: readonly string[] | undefined;
  /** Only claimed and redeemed in these stores. */
  storeIds?: readonly StoreId[] | undefined;
  /** Not claimed: given by itself, once a year, on the customer's birthday. */
  occasion?: 'birthday' | undefined;
  /** Claimed only with one of these coupons. */
  couponCodes?: readonly string[] | undefined;
}

/** Whether a moment falls into the season, by the calendar of the program's zone. */
export function isInSeason(terms: RewardTerms, at: Instant, zone: string): boolean {
  const { from, to } = terms.season ?? {};
  const date = localDate(at, zone);
  return (from === undefined || from <= date) && (to === undefined || date <= to);
}

/** Until when a reward claimed now is good: to the end of a day; null when it is for ever. */
export function expiryOf(terms: RewardTerms, at: Instant, zone: string): Instant | null {
  const { validForDays, validUntil } = terms;
  const ends = [
    ...(validForDays === undefined ? [] : [endOfDay(localDate(at, zone), validForDays, zone)]),
    ...(validUntil === undefined ? [] : [endOfDay(validUntil, 0, zone)]),
  ];
  return ends.length === 0 ? null : Math.min(...ends);
}

/**
 * What is left when the size of the stock is edited: as much more or less as the edit says, and
 * never below zero, because what is claimed stays claimed. A stock set for the first time counts
 * from then on.
 */
export function stockAfterEdit(
  current: { stock: number | undefined; stockLeft: number | null },
  stock: number | undefined,
): number | null {
  if (stock === undefined) return null;
  if (current.stock === undefined || current.stockLeft === null) return stock;
  return Math.max(0, current.stockLeft + stock - current.stock);
}
