import type { Logger } from 'pino';
import type { Envelope } from '../../queues/envelope.ts';
import type { CommandOutcome } from '../../queues/outcome.ts';
import type { CommandName } from '../../queues/registry.ts';
import type { Handler, Handlers } from '../handlers/handler.ts';
import { type Batcher, createBatcher } from './batcher.ts';

export interface BatchingOptions {
  maxSize: number;
  isOutage: (error: unknown) => boolean;
  busyOnes: (error: unknown) => readonly number[] | undefined;
  sleep: (ms: number) => Promise<void>;
  /** Told after each commit which jobs have ended; its failure fails no job. */
  onFinished: (jobIds: readonly string[]) => Promise<void>;
  log: Logger;
}

// Beside the first only full batches, or one that waited because a lock holds up the others.
const MAX_CONCURRENT = 3;
const LINGER_MS = 2;
const PATIENCE_MS = 100;
// About a minute in place; after that the queue's own, longer pauses take over.
const OUTAGE_RETRIES_MS = [100, 200, 500, ...Array.from({ length: 60 }, () => 1_000)];

/** A batcher for every command. */
export function createBatchers(
  handlers: Handlers,
  options: BatchingOptions,
): { [Name in CommandName]: Batcher<Envelope, CommandOutcome> } {
  const names = Object.keys(handlers) as CommandName[];
  return Object.fromEntries(
    names.map((name) => [name, batcherFor(name, handlers[name], options)]),
  ) as ReturnType<typeof createBatchers>;
}

/** Only sales come so thick that they are worth writing together; the rest commit one by one. */
const WRITTEN_TOGETHER: readonly CommandName[] = ['record-purchase'];

function batcherFor<Name extends CommandName>(
  name: Name,
  handle: Handler<Name>,
  options: BatchingOptions,
): Batcher<Envelope, CommandOutcome> {
  const { log } = options;
  const isBatched = WRITTEN_TOGETHER.includes(name);
  return createBatcher<Envelope, CommandOutcome>({
    async process(messages) {
      // The message processor has parsed each payload by its command's schema.
      const outcomes = await handle(messages as Parameters<Handler<Name>>[0]);
      const ended = [
        ...messages.map((message) => message.id),
        ...outcomes.flatMap((outcome) => outcome.alsoEnded ?? []),
      ];
      options.onFinished(ended).catch((error: unknown) => {
        log.warn({ err: error }, 'could not tell that jobs ended');
      });
      return outcomes;
    },
    maxSize: isBatched ? options.maxSize : 1,
    maxConcurrent: MAX_CONCURRENT,
    lingerMs: isBatched ? LINGER_MS : 0,
    patienceMs: PATIENCE_MS,
    isOutage: options.isOutage,
    ...(isBatched && { busyOnes: options.busyOnes }),
    outageRetriesMs: OUTAGE_RETRIES_MS,
    sleep: options.sleep,
    onBatch: (batch) => log.debug(batch, 'batch done'),
  });
}
