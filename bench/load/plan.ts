import type { Shop } from '../harness/shops.ts';

/** What a load generator is to do. */
export interface LoadPlan {
  host: string;
  port: number;
  path: string;
  /** Makes this run's external ids new. */
  runId: string;
  shops: readonly Shop[];
  requests: number;
  connections: number;
  /** Requests are due at this steady rate; absent: as soon as a connection is free. */
  perSecond?: number;
  /** Where workers tell which jobs have ended; present: wait for the last one, and time each. */
  finished?: { redisUrl: string; channel: string };
}

export interface LoadResult {
  /** From the first request to the last answer. */
  answeredSeconds: number;
  /** From the first request until the last sale was in the books; the same without `finished`. */
  appliedSeconds: number;
  /** From when a request was due to its answer. */
  answerMs: Percentiles;
  /** From when a request was due until its sale was in the books. */
  appliedMs: Percentiles;
}

export interface Percentiles {
  p50: number;
  p99: number;
  max: number;
}

export type ToLoad = { kind: 'prepare'; plan: LoadPlan } | { kind: 'go' };
export type FromLoad =
  | { kind: 'up' }
  | { kind: 'prepared' }
  | { kind: 'done'; result: LoadResult }
  | { kind: 'failed'; reason: string };
