/** What a handler makes of a command: `declined` is a rule's no, terminal, with a stable code. */
export type CommandOutcome =
  { status: 'completed'; transactionId: string } | { status: 'declined'; code: string };

/** The Redis channel on which workers tell which jobs have just ended: ids joined by a space. */
export const FINISHED_JOBS_CHANNEL = 'jobs-finished';

/** The Redis channel on which the relay tells which cards have changed. */
export const CARD_EVENTS_CHANNEL = 'card-events';
