/** A queue's consequential options, all explicit: BullMQ's defaults try once and keep for ever. */
export interface QueuePolicy {
  /** Tries before a job is parked as failed. A try that only waited for PostgreSQL counts as one. */
  attempts: number;
  /** First and longest pause between tries; they double in between. */
  retryDelayMs: { first: number; longest: number };
  /** Completed jobs kept for ops to look at; outcomes live in PostgreSQL. */
  keepCompleted: { count: number; seconds: number };
  /** Failed jobs stay replayable this long. */
  keepFailedSeconds: number;
  /** Jobs a worker takes at once, where that is fewer than its own setting. */
  maxConcurrency?: number;
}

const DAY_SECONDS = 86_400;

export const queuePolicies = {
  /** Purchases and everything else that moves stamps or points. */
  transactions: {
    attempts: 25,
    retryDelayMs: { first: 500, longest: 30_000 },
    keepCompleted: { count: 1_000, seconds: 3_600 },
    keepFailedSeconds: 30 * DAY_SECONDS,
  },
  /** What people set up: they wait for the answer, and must not wait behind a morning's sales. */
  changes: {
    attempts: 25,
    retryDelayMs: { first: 500, longest: 30_000 },
    keepCompleted: { count: 1_000, seconds: 3_600 },
    keepFailedSeconds: 30 * DAY_SECONDS,
    maxConcurrency: 10,
  },
  /** Long readings that nobody's sale waits for: one at a time. */
  analyses: {
    attempts: 25,
    retryDelayMs: { first: 500, longest: 30_000 },
    keepCompleted: { count: 100, seconds: 86_400 },
    keepFailedSeconds: 30 * DAY_SECONDS,
    maxConcurrency: 1,
  },
  /** What Regulars does on a schedule, apart so that no sale stands behind it. */
  maintenance: {
    // The next tick of the schedule comes soon, and does what this one could not.
    attempts: 25,
    retryDelayMs: { first: 1_000, longest: 30_000 },
    keepCompleted: { count: 1_000, seconds: 3_600 },
    keepFailedSeconds: 30 * DAY_SECONDS,
    maxConcurrency: 2,
  },
} as const satisfies Record<string, QueuePolicy>;

export type QueueName = keyof typeof queuePolicies;
export const queueNames = Object.keys(queuePolicies) as QueueName[];

/** How many of a queue's jobs a worker takes at once. @param setting the worker's own */
export function concurrencyOf(queue: QueueName, setting: number): number {
  const { maxConcurrency = setting }: QueuePolicy = queuePolicies[queue];
  return Math.min(setting, maxConcurrency);
}

/**
 * Milliseconds before try number `attempt + 1`: doubling, with up to half taken off at random so
 * that jobs that failed together do not come back together.
 * @param random in [0, 1)
 */
export function retryDelayMs(queue: QueueName, attempt: number, random: number): number {
  const { first, longest } = queuePolicies[queue].retryDelayMs;
  const doubled = Math.min(longest, first * 2 ** (attempt - 1));
  return Math.round(doubled * (1 - random / 2));
}
