/** Our own processes die or are stopped. */
import { fromUuid, toUuid } from '../../../infra/postgres/ids.ts';
import { createPosClient, type Job } from '../../pos-client.ts';
import { until } from '../../until.ts';
import { attemptsOf, firstAccepted, otherStatuses } from '../arena.ts';
import type { Fault } from '../fault.ts';

const QUEUE = 'regulars:transactions';
const ACTIVE = `${QUEUE}:active`;

const edgeKilled: Fault = {
  name: 'edge-killed',
  isAlwaysTried: true,
  about: 'kill -9 of the edge, again and again',
  async run(arena, how) {
    const { edge } = arena.stack.processes;
    let startedAtMs = 0;
    const run = await arena.underLoad(how, async (load) => {
      for (let kills = 0; kills < (how.short ? 1 : 5); kills += 1) {
        const answered = attemptsOf(load).length;
        await until('posts are being answered', () => attemptsOf(load).length > answered + 100);
        await edge?.kill('SIGKILL');
        startedAtMs = Date.now();
        await edge?.start();
      }
    });
    const { violations } = await arena.judge(run);
    const isBroken = attemptsOf(run.load).some(({ status }) => status === 0);
    return {
      violations: [...violations, ...(isBroken ? [] : ['nothing broke'])],
      bars: [
        {
          about: 'a new post is taken after the restart',
          measured: firstAccepted(run.load, startedAtMs),
          limit: 2_000,
          unit: 'ms',
        },
      ],
    };
  },
};

const workerKilled: Fault = {
  name: 'worker-killed',
  isAlwaysTried: true,
  about: 'kill -9 of the worker in the middle of a batch, again and again',
  async run(arena, how) {
    const { worker } = arena.stack.processes;
    let killedAtMs = 0;
    const run = await arena.underLoad(how, async () => {
      for (let kills = 0; kills < (how.short ? 3 : 5); kills += 1) {
        const isInBatch = async () => (await arena.redis.llen(ACTIVE)) > 0;
        await until('the worker is in the middle of a batch', isInBatch, { everyMs: 1 });
        await worker?.kill('SIGKILL');
        killedAtMs = Date.now();
        await worker?.start();
      }
    });
    const { violations } = await arena.judge(run);
    return {
      violations: [...violations, ...otherStatuses(attemptsOf(run.load), [202])],
      bars: [
        {
          about: 'what the dead worker held is applied',
          measured: (await arena.lastEnd(run, killedAtMs)) - killedAtMs,
          limit: 20_000,
          unit: 'ms',
        },
      ],
    };
  },
};

const sameJobKilled: Fault = {
  name: 'same-job-killed',
  about: 'kill -9 of the worker while it holds the same job, again and again',
  async run(arena, how) {
    const { worker } = arena.stack.processes;
    const over = { seconds: 1, postsPerSecond: 20 };
    const run = await arena.underLoad(how, async () => undefined, over);
    const [business] = run.businesses;
    const [card] = business?.cards ?? [];
    if (!business || !card) throw new Error('nobody has a card');
    const till = createPosClient({ edgeUrl: arena.stack.edgeUrl, apiKey: business.apiKey });
    const recoveries: number[] = [];
    let killedAtMs = Date.now();
    // How often somebody has begun a job, as BullMQ counts.
    const begun = async (id: string) => Number(await arena.redis.hget(`${QUEUE}:${id}`, 'ats'));
    // Whoever takes the job up waits for its card, and so still holds it when it dies.
    const release = await arena.lockCard(card.code);
    const { body } = await till.request<{ job: Job }>('POST', '/v1/pos/transactions', {
      body: {
        externalId: `held ${how.seed}`,
        storeId: business.storeIds[0],
        occurredAt: new Date().toISOString(),
        customer: { cardCode: card.code },
        currency: 'EUR',
        total: 100,
      },
    });
    try {
      for (let kills = 0; kills < (how.short ? 1 : 5); kills += 1) {
        const isInHand = async () => (await begun(body.job.id)) > kills;
        await until('the job is in hand', isInHand, { timeoutMs: 60_000, everyMs: 5 });
        recoveries.push(Date.now() - killedAtMs);
        killedAtMs = Date.now();
        await worker?.kill('SIGKILL');
        await worker?.start();
      }
    } finally {
      await release();
    }
    const ended = await till.waitForJob(body.job.id);
    till.close();
    const sales = await arena.query(
      'SELECT FROM loyalty.transactions WHERE external_id = $1 AND integration = $2',
      [`held ${how.seed}`, 'default'],
    );
    const { violations } = await arena.judge(run);
    // The sale is not in the load's journal.
    const others = violations.filter((text) => !/^(notOnce|wrongCards): 1,/.test(text));
    return {
      violations: [
        ...others,
        ...(ended.status === 'completed' ? [] : [`the job is ${ended.status}`]),
        ...(sales.length <= 1 ? [] : [`${sales.length} sales of one job`]),
      ],
      bars: [
        {
          about: 'the job is in hand again',
          measured: Math.max(...recoveries),
          limit: 20_000,
          unit: 'ms',
        },
      ],
    };
  },
};

const workerStopped: Fault = {
  name: 'worker-stopped',
  about: 'SIGTERM to the worker',
  async run(arena, how) {
    const { worker } = arena.stack.processes;
    let tookMs = 0;
    let left = 0;
    const run = await arena.underLoad(how, async () => {
      const began = Date.now();
      await worker?.stop();
      tookMs = Date.now() - began;
      // Only a job that was begun and not ended can be found stalled by the next.
      left = await arena.redis.llen(ACTIVE);
      await worker?.start();
    });
    const { violations } = await arena.judge(run);
    return {
      violations: [...violations, ...otherStatuses(attemptsOf(run.load), [202])],
      bars: [
        { about: 'the worker ends', measured: tookMs, limit: 30_000, unit: 'ms' },
        { about: 'jobs left to stall', measured: left, limit: 0, unit: '' },
      ],
    };
  },
};

const relayKilled: Fault = {
  name: 'relay-killed',
  about: 'kill -9 of the relay right after it has sent something, again and again',
  async run(arena, how) {
    const { relay } = arena.stack.processes;
    // By transaction: one row of the outbox each.
    const heard = new Map<string, number>();
    const stopListening = await arena.listen('regulars:card-events:*', (message) => {
      if (!message.includes('"card.balance_changed"')) return;
      const { data } = JSON.parse(message) as { data: { transactionId: string } };
      heard.set(data.transactionId, (heard.get(data.transactionId) ?? 0) + 1);
    });
    const kills = how.short ? 2 : 5;
    const run = await arena.underLoad(
      how,
      async () => {
        for (let i = 0; i < kills; i += 1) {
          const before = heard.size;
          await until('the relay sends', () => heard.size > before, { everyMs: 1 });
          await relay?.kill('SIGKILL');
          await relay?.start();
        }
      },
      { seconds: how.short ? 8 : 30 },
    );
    const { violations } = await arena.judge(run);
    stopListening();
    const happened = await arena.query<{ id: string }>(
      `SELECT id FROM loyalty.transactions
        WHERE business_id = ANY ($1) AND kind = 'purchase' AND customer_id IS NOT NULL`,
      [run.businesses.map(({ businessId }) => toUuid(businessId))],
    );
    const missing = happened.filter(({ id }) => !heard.has(fromUuid('txn', id)));
    const again = [...heard.values()].reduce((sum, times) => sum + times - 1, 0);
    return {
      violations: [
        ...violations,
        ...(missing.length === 0 ? [] : [`${missing.length} sales that nobody was told of`]),
      ],
      bars: [{ about: 'sales told again, a kill', measured: again / kills, limit: 500, unit: '' }],
    };
  },
};

export const processFaults: readonly Fault[] = [
  edgeKilled,
  workerKilled,
  sameJobKilled,
  workerStopped,
  relayKilled,
];
