import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { recordPurchase } from '../../queues/commands/record-purchase.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import { queuePolicies } from '../../queues/queues.ts';
import { makeSale } from './sales.ts';
import type { Shop } from './shops.ts';

const POLL_MS = 3;
const DRAIN_LIMIT_MS = 120_000;

/** Job options as the product sets them (see infra/bullmq/command-queue.ts). */
export function productJobOptions() {
  const policy = queuePolicies.transactions;
  return {
    attempts: policy.attempts,
    backoff: { type: 'custom' },
    removeOnComplete: { count: policy.keepCompleted.count, age: policy.keepCompleted.seconds },
    removeOnFail: { age: policy.keepFailedSeconds },
  };
}

/** The bench's own look at one prefix's queue `transactions`. */
export class BenchQueue {
  readonly #queue: Queue<Envelope>;
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(redisUrl: string, prefix: string) {
    this.#prefix = prefix;
    this.#redis = new Redis(redisUrl);
    // Ctrl-C takes Redis away while a round is under way; without a listener that is printed.
    this.#redis.on('error', () => undefined);
    this.#queue = new Queue<Envelope>(recordPurchase.queue, {
      prefix,
      connection: { url: redisUrl, maxRetriesPerRequest: null },
      defaultJobOptions: productJobOptions(),
    });
    this.#queue.on('error', () => undefined);
  }

  /** Forgets all jobs, claims and counts; what tells how the queue is set up stays. */
  async clear(): Promise<void> {
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(
        cursor,
        'MATCH',
        `${this.#prefix}:*`,
        'COUNT',
        2_000,
      );
      const gone = keys.filter((key) => !key.endsWith(':meta'));
      if (gone.length > 0) await this.#redis.unlink(gone);
      cursor = next;
    } while (cursor !== '0');
  }

  /** Empties the queue and fills it, held back, with messages as the edge would have sent them. */
  async prefill(options: { runId: string; count: number; shops: readonly Shop[] }): Promise<void> {
    const { runId, count, shops } = options;
    await this.clear();
    await this.#queue.pause();
    const now = new Date();
    for (let from = 0; from < count; from += 500) {
      const numbers = Array.from({ length: Math.min(500, count - from) }, (_, i) => from + i);
      const envelopes = numbers.map((number) => toEnvelope({ runId, number, shops, now }));
      await this.#queue.addBulk(
        envelopes.map((data) => ({ name: data.type, data, opts: { jobId: data.id } })),
      );
    }
  }

  /** Lets the queue go and waits until nothing of it is left. @returns seconds it took */
  async drain(): Promise<number> {
    const startedAt = performance.now();
    await this.#queue.resume();
    while (!(await this.#isDrained())) {
      if (performance.now() - startedAt > DRAIN_LIMIT_MS) throw new Error('the queue hangs');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return (performance.now() - startedAt) / 1_000;
  }

  async #isDrained(): Promise<boolean> {
    const key = (name: string) => this.#queue.toKey(name);
    const [waiting, active, failed, delayed] = await Promise.all([
      this.#redis.llen(key('wait')),
      this.#redis.llen(key('active')),
      this.#redis.zcard(key('failed')),
      this.#redis.zcard(key('delayed')),
    ]);
    if (failed + delayed > 0) throw new Error(`${failed} jobs failed, ${delayed} wait for a retry`);
    return waiting + active === 0;
  }

  /** Bytes of Redis memory that a waiting job takes, everything counted. */
  async bytesPerJob(options: { runId: string; shops: readonly Shop[] }): Promise<number> {
    const count = 5_000;
    await this.clear();
    const before = await this.#usedMemory();
    await this.prefill({ ...options, count });
    const after = await this.#usedMemory();
    await this.clear();
    await this.#queue.resume();
    return (after - before) / count;
  }

  async close(): Promise<void> {
    await this.clear();
    await this.#queue.close();
    this.#redis.disconnect();
  }

  async #usedMemory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await this.#redis.info('memory'))?.[1]);
  }
}

function toEnvelope(options: Parameters<typeof makeSale>[0]): Envelope {
  const { shop, sale } = makeSale(options);
  const body = recordPurchase.body.parse(sale);
  const sender = { kind: 'integration', id: 'pos' } as const;
  const { businessId } = shop;
  const key = `default:${body.externalId}`;
  return {
    id: jobIdFor({ businessId, principal: sender, command: recordPurchase.name, key }),
    type: recordPurchase.name,
    version: recordPurchase.version,
    businessId,
    principal: sender,
    requestHash: hashRequest(body),
    receivedAt: options.now.toISOString(),
    payload: body,
  };
}
