import { type Job, type JobsOptions, Queue } from 'bullmq';
import type { Logger } from 'pino';
import type { Envelope } from '../../queues/envelope.ts';
import { type QueueName, queueNames, queuePolicies } from '../../queues/queues.ts';
import { groupCommit } from '../batching/group-commit.ts';
import { failFast } from '../redis/connection.ts';

/** Where a job is while it has no terminal state. */
export interface QueuedJob {
  envelope: Envelope;
  state: 'queued' | 'processing' | 'failed';
}

export interface CommandQueues {
  /**
   * Resolves when Redis has the message on disk. A message whose id is already there is left as it
   * is. @throws Error when Redis did not answer: the message may or may not be there.
   */
  enqueue(queue: QueueName, envelope: Envelope): Promise<void>;
  /** A job that is still in a queue, by id. */
  find(id: string): Promise<QueuedJob | undefined>;
  /** The queues themselves, for the ops board. */
  queues: readonly Queue<Envelope, void>[];
  close(): Promise<void>;
}

// More than this in one pipeline and the first answer waits for the last message.
const MAX_PER_PIPELINE = 128;

/** Connects to all queues as a producer that fails fast. */
export function connectCommandQueues(options: {
  redisUrl: string;
  prefix: string;
  log: Logger;
}): CommandQueues {
  const connected = queueNames.map((name) => [name, connect(name, options)] as const);
  const byName = new Map(connected);
  return {
    enqueue: async (name, envelope) => {
      await byName.get(name)?.add(envelope);
    },
    async find(id) {
      for (const [, { queue }] of connected) {
        const job: Job<Envelope, void> | undefined = await queue.getJob(id);
        if (job) return { envelope: job.data, state: publicState(await job.getState()) };
      }
      return undefined;
    },
    queues: connected.map(([, { queue }]) => queue),
    async close() {
      await Promise.all(connected.map(([, { queue }]) => queue.close()));
    },
  };
}

function connect(name: QueueName, options: { redisUrl: string; prefix: string; log: Logger }) {
  const queue = new Queue<Envelope, void>(name, {
    prefix: options.prefix,
    connection: { url: options.redisUrl, ...failFast },
    defaultJobOptions: jobOptions(name),
    skipVersionCheck: true,
  });
  queue.on('error', (error) => options.log.debug({ queue: name, reason: error.message }, 'queue'));
  const add = groupCommit<Envelope, true>(
    async (envelopes) => {
      const [first, second] = envelopes;
      // A pipeline of one costs BullMQ more than a plain call: it takes all its scripts along.
      if (first && !second) await queue.add(first.type, first, { jobId: first.id });
      else await queue.addBulk(envelopes.map(toJob));
      return envelopes.map(() => true);
    },
    { maxItems: MAX_PER_PIPELINE },
  );
  return { queue, add };
}

function toJob(envelope: Envelope) {
  return { name: envelope.type, data: envelope, opts: { jobId: envelope.id } };
}

function jobOptions(name: QueueName): JobsOptions {
  const policy = queuePolicies[name];
  return {
    attempts: policy.attempts,
    backoff: { type: 'custom' },
    removeOnComplete: { count: policy.keepCompleted.count, age: policy.keepCompleted.seconds },
    removeOnFail: { age: policy.keepFailedSeconds },
  };
}

function publicState(state: string): QueuedJob['state'] {
  if (state === 'active') return 'processing';
  return state === 'failed' ? 'failed' : 'queued';
}
