import type { ExpiryRule } from '../expiry/rule.ts';
import type { FraudRules } from '../fraud/rules.ts';
import type { LivePromotion, VersionPromotion } from '../promotions/promotion.ts';
import type { TierRules } from '../tiers/tiers.ts';
import type { BrandId, ProgramId, RewardDefinitionId, StoreId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { Unit } from '../values/units.ts';

/** A loyalty program of one brand. What it promises lives in its versions. */
export interface Program {
  id: ProgramId;
  brandId: BrandId;
  name: string;
  unit: Unit;
  /** Money rules count in this currency; a sale in another one matches none of them. */
  currency: string;
  /** IANA zone in which its rewards and lots expire. */
  zone: string;
  /** Participating stores; `null` means every store of the brand. */
  storeIds: readonly StoreId[] | null;
  /** Whether a purchase may open a card (and record a customer known only by phone or e-mail). */
  enrolment: 'automatic' | 'by-request';
  /** Ascending by `from`; windows do not overlap. */
  versions: readonly ProgramVersion[];
  /** Beside the versions, and open to change: the largest multipliers first. */
  promotions: readonly LivePromotion[];
  /** Times in which it gives nothing. The last one of an archived program has no end. */
  pauses: readonly Pause[];
  /** What is watched for; absent or null: nothing. */
  fraud?: FraudRules | null;
}

/** From `from` up to, not including, `to`; null while it lasts. */
export interface Pause {
  from: Instant;
  to: Instant | null;
}

/** An immutable edition of a program's rules, in force from `from` up to, not including, `to`. */
export interface ProgramVersion {
  number: number;
  from: Instant;
  to: Instant | null;
  rules: readonly EarnRule[];
  /** `sum`: all matching rules add up. `best`: the one that gives most wins. */
  combine: 'sum' | 'best';
  /** Points only: keep fractions of a point (shown as progress) instead of dropping them per sale. */
  carryFractions: boolean;
  /** Whether the tax in a price earns too. */
  earnOnTax: boolean;
  promotions: readonly VersionPromotion[];
  caps: Caps;
  /** What never earns, whatever the rules say. */
  exclude?: Exclusions | undefined;
  tiers?: TierRules | undefined;
  autoReward: AutoReward | null;
  /** Points only: what one pays for, in minor units as a decimal string; absent: nothing. */
  pointValueMinor?: string | undefined;
  expiry: ExpiryRule;
  /** Whether a card owes what a refund cannot take back (unless said otherwise), or stops at zero. */
  refundDebt?: 'owe' | 'stop-at-zero' | undefined;
}

/** Decimal strings are rates in the program's unit; minor amounts are in its currency. */
export type EarnRule =
  | { kind: 'perVisit'; amount: string; minimumSpendMinor?: number | undefined }
  | { kind: 'perSpend'; amount: string; everyMinor: number }
  | {
      kind: 'perItem';
      amount: string;
      skus?: readonly string[] | undefined;
      categories?: readonly string[] | undefined;
    };

/** What one card may earn at most, as decimal strings in the program's unit. */
export interface Caps {
  perTransaction?: string | undefined;
  perBusinessDay?: string | undefined;
  minimumMinutesBetween?: number | undefined;
  /** What one member of staff may give in a business day, to all cards together. */
  perStaffPerBusinessDay?: string | undefined;
}

/** Lines that do not earn: of one of these skus, or in one of these categories. */
export interface Exclusions {
  skus?: readonly string[] | undefined;
  categories?: readonly string[] | undefined;
}

/** A reward that is minted by itself each time the balance reaches its cost. */
export interface AutoReward {
  id: RewardDefinitionId;
  name: string;
  /** Decimal string in the program's unit. */
  cost: string;
  benefit: Benefit;
  /** Days until an issued reward expires; `null` means never. */
  validForDays: number | null;
}

export type Benefit =
  | { kind: 'freeItem'; description: string; skus?: readonly string[] | undefined }
  | { kind: 'amountOff'; amountMinor: number; currency: string }
  | { kind: 'percentOff'; percent: string }
  | { kind: 'custom'; text: string };

/** Whether a sale at this store counts for the program. */
export function participates(program: Program, store: { id: StoreId; brandId: BrandId }): boolean {
  return program.storeIds === null
    ? program.brandId === store.brandId
    : program.storeIds.includes(store.id);
}

/** Whether the program gave nothing at a moment. */
export function isPausedAt(program: Program, at: Instant): boolean {
  return program.pauses.some(({ from, to }) => from <= at && (to === null || at < to));
}

/** The version that was in force at a moment; undefined when the program had not begun. */
export function versionAt(program: Program, at: Instant): ProgramVersion | undefined {
  return program.versions.find((v) => v.from <= at && (v.to === null || at < v.to));
}

/**
 * The version that judges a purchase on this card. A stamp card with stamps on it keeps the version
 * it was begun under until it completes, so that a shop cannot move the goal under a half-full card.
 */
export function judgingVersion(
  program: Program,
  card: { versionNumber: number; balance: number },
  at: Instant,
): ProgramVersion | undefined {
  const inForce = versionAt(program, at);
  if (program.unit === 'point' || card.balance === 0 || !inForce) return inForce;
  const begunUnder = program.versions.find((v) => v.number === card.versionNumber);
  // Without a reward there is no goal to keep, and the card would never complete.
  return begunUnder?.autoReward ? begunUnder : inForce;
}
