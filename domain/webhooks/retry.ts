import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../values/time.ts';

/** Tries before a delivery is shown as failed. */
export const MAX_TRIES = 10;
/** From then on a try that fails is the last, however few there were. */
export const GIVE_UP_MS = 76 * HOUR_MS;
/** How long what was not delivered can be sent again; then it is forgotten. */
export const KEPT_MS = 30 * DAY_MS;
/** An endpoint at which nothing has arrived for so long is disabled. */
export const DISABLE_AFTER_MS = 5 * DAY_MS;
/** How long a receiver may take, from looking up its address to the status. */
export const TIMEOUT_MS = 15_000;

/** Before each try but the first: together 75 h 35 min, inside the 76 h promised. */
const DELAYS_MS = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
const GONE = 410;

/** Why a try failed. */
export type Failure =
  /** It answered, and not with 2xx. */
  | 'rejected'
  /** It answered with another address, which is not followed. */
  | 'redirected'
  /** Its address, or the one it redirects to, is not on the public Internet. */
  | 'forbidden-address'
  | 'timed-out'
  | 'connection-failed';

/** How one try went. */
export type TryResult =
  | { kind: 'arrived'; status: number }
  | { kind: 'failed'; failure: Failure; status: number | null; retryAfterMs: number | null };

/** What becomes of a delivery after a try. */
export type Verdict =
  { status: 'delivered' } | { status: 'pending'; dueAt: Instant } | { status: 'failed' };

/**
 * Judges a try.
 * @param delivery.tries those before this one
 * @param random in [0, 1): takes up to a fifth off the pause, so that what failed together does not
 *   come back together
 */
export function judge(
  result: TryResult,
  delivery: { tries: number; giveUpAt: Instant },
  at: Instant,
  random: number,
): Verdict {
  if (result.kind === 'arrived') return { status: 'delivered' };
  const delay = DELAYS_MS[delivery.tries];
  const isLast = delay === undefined || at >= delivery.giveUpAt || isGone(result);
  if (isLast) return { status: 'failed' };
  const pause = Math.max(delay * (1 - random / 5), result.retryAfterMs ?? 0);
  return { status: 'pending', dueAt: Math.round(Math.min(at + pause, delivery.giveUpAt)) };
}

/** Whether the receiver says that nobody will ever be there again. */
export function isGone(result: TryResult): boolean {
  return result.status === GONE;
}

/** Whether an endpoint has failed for so long that it is disabled. */
export function hasFailedTooLong(failingSince: Instant | null, at: Instant): boolean {
  return failingSince !== null && at - failingSince >= DISABLE_AFTER_MS;
}
