import type { JobId, TransactionId } from '../domain/values/ids.ts';

/**
 * What a handler makes of a command. `declined` is a rule's no, terminal, with a stable code;
 * `waiting` is no end: something else must come first, and the job is settled when it does;
 * its result says for what it waits, where somebody asks.
 */
export type CommandOutcome = (
  | { status: 'completed'; transactionId: TransactionId | null; result?: object }
  | { status: 'declined'; code: string; detail?: string }
  | { status: 'waiting'; result?: object }
) & {
  /** Jobs that had waited for this one and ended with it. */
  alsoEnded?: readonly JobId[];
};

/** The Redis channel on which workers tell which jobs have just ended: ids joined by a space. */
export const FINISHED_JOBS_CHANNEL = 'jobs-finished';

/** The Redis channel on which the relay tells which cards have changed. */
export const CARD_EVENTS_CHANNEL = 'card-events';
