import { DAY_MS, type Instant } from '../values/time.ts';
import {
  levelAt,
  periodEnd,
  stepOf,
  stepReached,
  type TierChange,
  type TierHolding,
  type TierLadder,
  type TierProgress,
} from './tiers.ts';

/** Nobody falls without having been told this long before. */
export const NOTICE_MS = 14 * DAY_MS;

export type PeriodDecision =
  /** Nothing to do yet. */
  | { kind: 'wait' }
  /** The level is in danger: tell the customer what is missing, and when it falls. */
  | {
      kind: 'notice';
      holding: TierHolding;
      wouldBecome: string | null;
      missing: number;
      fallsAt: Instant;
    }
  /** Enough was reached after all: the notice is off. */
  | { kind: 'reassure'; holding: TierHolding }
  /** The period is over and the level is kept for another one. */
  | { kind: 'keep'; holding: TierHolding }
  | { kind: 'downgrade'; change: TierChange };

/**
 * What becomes of a level around the end of its period. Enough progress in the window that ends with
 * the period keeps it; otherwise it falls, by one step or to what the progress is worth, at least 14
 * days after the customer was told. Who was not told in time keeps the level that much longer.
 * @param progress of the window that ends with `holding.until`
 */
export function endPeriod(
  ladder: TierLadder,
  card: { holding: TierHolding; progress: TierProgress },
  clock: { now: Instant; zone: string },
): PeriodDecision {
  const { holding, progress } = card;
  const { now, zone } = clock;
  const held = stepOf(ladder, holding.level);
  const reached = stepReached(ladder, progress);
  if (reached >= held) {
    if (now > holding.until) return { kind: 'keep', holding: renewed(ladder, holding, zone) };
    if (holding.noticedAt === null) return { kind: 'wait' };
    return { kind: 'reassure', holding: { ...holding, noticedAt: null } };
  }
  const next = ladder.rules.downgrade === 'one-step' ? held - 1 : reached;
  if (holding.noticedAt === null) {
    if (now < holding.until - NOTICE_MS) return { kind: 'wait' };
    return {
      kind: 'notice',
      holding: { ...holding, noticedAt: now },
      wouldBecome: levelAt(ladder, next),
      missing: missingTo(ladder, held, progress),
      fallsAt: fallsAt(holding, now),
    };
  }
  const fall = fallsAt(holding, holding.noticedAt);
  if (now <= fall) return { kind: 'wait' };
  const since = fall + 1;
  return {
    kind: 'downgrade',
    change: {
      from: holding.level,
      to: {
        level: levelAt(ladder, next),
        since,
        until: periodEnd(ladder.rules.window, since, zone),
        noticedAt: null,
      },
    },
  };
}

/** The last moment of a level: the end of its period, but never too soon after the notice. */
function fallsAt(holding: TierHolding, noticedAt: Instant): Instant {
  return Math.max(holding.until, noticedAt + NOTICE_MS);
}

/** The next period begins the moment after the last one. */
function renewed(ladder: TierLadder, holding: TierHolding, zone: string): TierHolding {
  const until = periodEnd(ladder.rules.window, holding.until + 1, zone);
  return { ...holding, until, noticedAt: null };
}

/** Ledger units or minor units that would keep the level. */
function missingTo(ladder: TierLadder, step: number, progress: TierProgress): number {
  const reached = ladder.rules.by === 'earned' ? progress.earned : progress.spend;
  return Math.max(0, (ladder.steps[step - 1]?.threshold ?? 0) - reached);
}
