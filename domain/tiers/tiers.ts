import { MULTIPLIER_ONE, MULTIPLIER_SCALE } from '../promotions/promotion.ts';
import { parseDecimal } from '../values/decimal.ts';
import {
  type BusinessDate,
  endOfDay,
  type Instant,
  localDate,
  plusDays,
  utcDate,
} from '../values/time.ts';
import { toLedgerUnits, type Unit } from '../values/units.ts';

/** Levels of a program's version, from the lowest up. Who has reached none has no level. */
export type TierRules = {
  window: TierWindow;
  /** What happens at the end of a period in which too little was reached for the level held. */
  downgrade: 'one-step' | 'by-balance';
} & (
  | { by: 'earned'; levels: readonly (TierLevel & { threshold: string })[] }
  | { by: 'spend'; levels: readonly (TierLevel & { thresholdMinor: number })[] }
);

/** Over which time progress counts, and how long a level is held before it is looked at again. */
export type TierWindow = { kind: 'calendarYear' } | { kind: 'rollingMonths'; months: number };

export interface TierLevel {
  /** What customers know it by; a level keeps its holders while its name stays. */
  name: string;
  /** Decimal string, e.g. `1.5`; absent means × 1. */
  multiplier?: string | undefined;
  /** For people to read. */
  perks?: readonly string[] | undefined;
}

/** A card's level: one row of its history. `null` is no level. */
export interface TierHolding {
  level: string | null;
  since: Instant;
  /** When the level is looked at again; a moment, included. */
  until: Instant;
  /** When the customer was told that it will be lost; null while it is not in danger. */
  noticedAt: Instant | null;
}

/** What was reached in a window. */
export interface TierProgress {
  /** Ledger units. */
  earned: number;
  /** Minor units that earned. */
  spend: number;
}

/** Rules read once: thresholds as integers, ascending. */
export interface TierLadder {
  rules: TierRules;
  steps: readonly {
    name: string;
    threshold: number;
    multiplier: bigint | null;
    perks: readonly string[];
  }[];
}

const ladders = new WeakMap<TierRules, TierLadder>();

/** The rules ready for use; read once, whoever asks. */
export function ladderOf(rules: TierRules, unit: Unit): TierLadder {
  const known = ladders.get(rules);
  if (known) return known;
  const thresholds =
    rules.by === 'earned'
      ? rules.levels.map((level) => toLedgerUnits(level.threshold, unit))
      : rules.levels.map((level) => level.thresholdMinor);
  const steps = rules.levels.map((level, i) => {
    const multiplier = parseDecimal(level.multiplier ?? '1', MULTIPLIER_SCALE);
    return {
      name: level.name,
      threshold: thresholds[i] ?? 0,
      multiplier: multiplier > MULTIPLIER_ONE ? multiplier : null,
      perks: level.perks ?? [],
    };
  });
  const ladder = { rules, steps: steps.toSorted((a, b) => a.threshold - b.threshold) };
  ladders.set(rules, ladder);
  return ladder;
}

/** The step that progress reaches, counted from 1; 0 is no level. */
export function stepReached(ladder: TierLadder, progress: TierProgress): number {
  const reached = ladder.rules.by === 'earned' ? progress.earned : progress.spend;
  return ladder.steps.findLastIndex((step) => step.threshold <= reached) + 1;
}

/** Where a level stands, counted from 1; 0 for none and for one that was taken out of the rules. */
export function stepOf(ladder: TierLadder, level: string | null): number {
  return ladder.steps.findIndex((step) => step.name === level) + 1;
}

/** The level at a step; null for step 0. */
export function levelAt(ladder: TierLadder, step: number): string | null {
  return ladder.steps[step - 1]?.name ?? null;
}

/** What a card held at a moment, from its history. */
export function holdingAt(history: readonly TierHolding[], at: Instant): TierHolding | undefined {
  let held: TierHolding | undefined;
  for (const holding of history) {
    if (holding.since <= at && (!held || holding.since >= held.since)) held = holding;
  }
  return held;
}

/** The newest of a card's holdings. */
export function latestHolding(history: readonly TierHolding[]): TierHolding | undefined {
  return holdingAt(history, Number.POSITIVE_INFINITY);
}

/** First and last business date, both included, over which progress counts for a given date. */
export function tierWindow(
  window: TierWindow,
  date: BusinessDate,
): { from: BusinessDate; to: BusinessDate } {
  if (window.kind === 'calendarYear') {
    const year = date.slice(0, 4);
    return { from: `${year}-01-01`, to: `${year}-12-31` };
  }
  return { from: plusDays(addMonths(date, -window.months), 1), to: date };
}

/** When a level that is reached, or kept, at a moment is looked at again. */
export function periodEnd(window: TierWindow, at: Instant, zone: string): Instant {
  const date = localDate(at, zone);
  const last =
    window.kind === 'calendarYear' ? `${date.slice(0, 4)}-12-31` : addMonths(date, window.months);
  return endOfDay(last, 0, zone);
}

/** The same day of another month, or its last where that is shorter. */
function addMonths(date: BusinessDate, months: number): BusinessDate {
  const [year, month, day] = [date.slice(0, 4), date.slice(5, 7), date.slice(8, 10)].map(Number);
  const first = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + months, 1));
  const lastDay = new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0),
  ).getUTCDate();
  first.setUTCDate(Math.min(day ?? 1, lastDay));
  return utcDate(first.getTime());
}

/** A card's change of level. */
export interface TierChange {
  from: string | null;
  to: TierHolding;
}

/**
 * The level that a sale brings at once, in the sale's own commit; null where it brings none. It
 * begins when the sale occurred, but never before the level held now: a late sale rewrites nothing.
 */
export function upgrade(
  ladder: TierLadder,
  card: { history: readonly TierHolding[]; progress: TierProgress },
  sale: { at: Instant; zone: string },
): TierChange | null {
  const held = latestHolding(card.history);
  const reached = stepReached(ladder, card.progress);
  if (reached <= stepOf(ladder, held?.level ?? null)) return null;
  const since = Math.max(sale.at, held ? held.since + 1 : sale.at);
  const until = periodEnd(ladder.rules.window, since, sale.zone);
  return {
    from: held?.level ?? null,
    to: { level: levelAt(ladder, reached), since, until, noticedAt: null },
  };
}
