import type { Envelope } from '../../queues/envelope.ts';
import type { CommandOutcome } from '../../queues/outcome.ts';
import type { CommandName, PayloadOf } from '../../queues/registry.ts';

/**
 * Handles commands of one kind, as many at once as arrived together. One outcome per message, in
 * order. It throws only when something is broken; the batch is then done again one by one, and a
 * message that fails alone is retried by the queue.
 */
export type Handler<Name extends CommandName> = (
  messages: readonly Envelope<PayloadOf<Name>>[],
) => Promise<CommandOutcome[]>;

/** One handler for every command: leaving one out does not compile. */
export type Handlers = { [Name in CommandName]: Handler<Name> };
