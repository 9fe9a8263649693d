/** What callers are told while a store is away, and what becomes of a message that nobody can read. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import { createApi, TRANSACTIONS, refusal } from '../journeys/api.ts';
import { until } from '../until.ts';
import { type Arena, openArena } from './arena.ts';
import { seedBusinesses, startLoad } from './driver.ts';

let arena: Arena;

beforeAll(async () => {
  arena = await openArena();
});

afterEach(() => arena.restore());

afterAll(() => arena.close());

test('without PostgreSQL reads are answered 503, and a till that waits learns that its sale is queued', async () => {
  const { stack } = arena;
  const [business] = await seedBusinesses(stack.postgresUrl, { count: 1, customersEach: 1 });
  const api = createApi(stack.edgeUrl, business!.apiKey);
  const sale = (externalId: string) => ({
    externalId,
    storeId: business!.storeIds[0],
    occurredAt: new Date().toISOString(),
    customer: { cardCode: business!.cards[0]!.code },
    currency: 'EUR',
    total: 100,
  });
  const before = await api.post(TRANSACTIONS, sale('before'));

  await stack.postgres!.kill('SIGKILL');
  const reads = [
    `/v1/jobs/${before.body.job.id}`,
    `${TRANSACTIONS}/externalId:before`,
    `/v1/pos/customers/lookup?cardCode=${business!.cards[0]!.code}`,
  ];
  const replies = await Promise.all(reads.map((path) => api.get(path)));
  const preview = await api.post(`${TRANSACTIONS}/preview`, sale('preview'));
  const waiting = await api.post(TRANSACTIONS, sale('waiting'), { Prefer: 'wait=1' });
  const ready = await fetch(`${stack.edgeUrl}/readyz`);
  await stack.postgres!.start();

  // Anybody may ask: no address is told.
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'degraded', away: ['postgres'] },
  ]);

  for (const reply of [...replies, preview]) {
    expect(refusal(reply)).toEqual([503, 'unavailable']);
    expect(reply.headers.get('retry-after')).toBeTruthy();
  }
  expect(waiting.status).toBe(202);
  for (const { body } of [before, waiting]) {
    expect(await api.endOf(body.job.id)).toMatchObject({ status: 'completed' });
  }
});

test('a message that no worker can read is parked at once, and its neighbours go on', async () => {
  const { stack } = arena;
  const [business] = await seedBusinesses(stack.postgresUrl, { count: 1, customersEach: 1 });
  const { worker } = stack.processes;
  const pid = worker!.pid;
  const queue = new Queue('transactions', {
    prefix: 'regulars',
    connection: { url: stack.redisUrl },
  });
  const poison = ['poison-1', 'poison-2', 'poison-3'];
  const data = [
    null,
    { type: 'record-purchase' },
    { id: 'job_1', businessId: 'biz_1', payload: {} },
  ];
  await queue.addBulk(
    poison.map((jobId, i) => ({ name: 'poison', data: data[i], opts: { jobId, attempts: 25 } })),
  );
  const load = startLoad({
    edgeUrl: stack.edgeUrl,
    businesses: [business!],
    postsPerSecond: 50,
    seconds: 1,
    duplicates: 0,
    seed: 17,
  });
  await load.done;
  const { violations } = await arena.judge({ load, businesses: [business!] });
  expect(violations).toEqual([]);
  for (const id of poison) {
    const job = await until(`${id} is parked`, async () => {
      const found = await queue.getJob(id);
      return (await found?.isFailed()) ? found : undefined;
    });
    expect(job.attemptsMade).toBe(1);
    expect(job.failedReason).toMatch(/^envelope: /);
    await job.remove();
  }
  await queue.close();
  expect(worker!.pid).toBe(pid);
});
