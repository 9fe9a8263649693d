import type { BusinessDate, Instant } from '../values/time.ts';
import { localDate } from '../values/time.ts';
import {
  latestHolding,
  levelAt,
  periodEnd,
  stepOf,
  stepReached,
  type TierChange,
  type TierHolding,
  type TierLadder,
  type TierProgress,
  type TierRules,
  tierWindow,
} from './tiers.ts';

/** A span of business dates, both ends included, and what was reached in it. */
export interface ReachedWindow {
  from: BusinessDate;
  to: BusinessDate;
  progress: TierProgress;
}

/** What speaks for the level that a card holds: its levels, and progress that could have brought it. */
export interface HeldLevel {
  rules: TierRules;
  /** Every level the card held. */
  history: readonly TierHolding[];
  windows: readonly ReachedWindow[];
}

/**
 * The windows whose progress speaks for a card's level: the one in which it was reached, and the one
 * of now; none where there is no level to lose.
 */
export function windowsOfLevel(
  rules: TierRules,
  history: readonly TierHolding[],
  clock: { at: Instant; zone: string },
): { from: BusinessDate; to: BusinessDate }[] {
  const held = latestHolding(history);
  if (!held || held.level === null) return [];
  const dates = [held.since, clock.at].map((instant) => localDate(instant, clock.zone));
  const windows = dates.map((date) => tierWindow(rules.window, date));
  const [reached, now] = windows;
  return reached?.from === now?.from ? windows.slice(0, 1) : windows;
}

/**
 * The fall that comes with a refund: a level that was reached thanks to what is refunded was never
 * earned, so it is lost at once and without notice, as it had come at once; down to what the rest
 * reaches, or to the level held before while that lasts. A level that other purchases reached as
 * well, or that was kept from an earlier period, stays.
 * @param taken what the refund takes off the progress of a business date; both ≥ 0
 */
export function loseLevel(
  ladder: TierLadder,
  { history, windows }: Pick<HeldLevel, 'history' | 'windows'>,
  taken: TierProgress & { date: BusinessDate },
  clock: { at: Instant; zone: string },
): TierChange | null {
  const held = latestHolding(history);
  const step = stepOf(ladder, held?.level ?? null);
  if (!held || step === 0) return null;
  const best = (reached: readonly TierProgress[]) =>
    Math.max(0, ...reached.map((progress) => stepReached(ladder, progress)));
  const left = windows.map(({ from, to, progress }) =>
    from <= taken.date && taken.date <= to
      ? { earned: progress.earned - taken.earned, spend: progress.spend - taken.spend }
      : progress,
  );
  const reached = best(left);
  if (best(windows.map(({ progress }) => progress)) < step || reached >= step) return null;
  const before = heldBefore(ladder, history, { step, at: clock.at });
  const stillHeld = stepOf(ladder, before?.level ?? null);
  const since = Math.max(clock.at, held.since + 1);
  const isBefore = before !== undefined && stillHeld > reached;
  return {
    from: held.level,
    to: {
      level: levelAt(ladder, Math.max(reached, stillHeld)),
      since,
      until: isBefore ? before.until : periodEnd(ladder.rules.window, since, clock.zone),
      noticedAt: null,
    },
  };
}

/** The level below that was held before and would last still, had no higher one come; not one lost. */
function heldBefore(
  ladder: TierLadder,
  history: readonly TierHolding[],
  { step, at }: { step: number; at: Instant },
): TierHolding | undefined {
  const stepsOf = (holding: TierHolding) => stepOf(ladder, holding.level);
  return latestHolding(
    history.filter((holding) => {
      const mine = stepsOf(holding);
      const isLost = history.some((other) => other.since > holding.since && stepsOf(other) < mine);
      return mine < step && holding.until >= at && !isLost;
    }),
  );
}
