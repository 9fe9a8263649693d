/** What a sale is between the 202 and its worker: kept, sealed, and already a conflict's judge. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Envelope } from '../../queues/envelope.ts';
import { queueNames } from '../../queues/queues.ts';
import { createContactSealer } from '../../infra/sealing/contact-sealer.ts';
import type { RecordPurchasePayload } from '../../queues/commands/record-purchase.ts';
import type { CustomerAtCounter, Job } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, TRANSACTIONS, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

// Canaries: they appear nowhere else, so finding one means that it leaked.
const PHONE = '+351961112223';
const EMAIL = 'canary.of.queued@example.com';

let stack: TestStack;
let shop: Shop;
let api: Api;
let redis: Redis;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge'], env: { LOG_LEVEL: 'debug' } });
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
  redis = new Redis(stack.redis.url);
});

afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
});

/** Every key of this stack with all that it holds. */
async function dumpRedis(): Promise<string> {
  const keys = await redis.keys(`${stack.redis.prefix}*`);
  const dumps = await Promise.all(keys.map((key) => dumpKey(key)));
  return JSON.stringify(dumps);
}

async function dumpKey(key: string): Promise<unknown[]> {
  switch (await redis.type(key)) {
    case 'hash':
      return [key, await redis.hgetall(key)];
    case 'list':
      return [key, await redis.lrange(key, 0, -1)];
    case 'set':
      return [key, await redis.smembers(key)];
    case 'zset':
      return [key, await redis.zrange(key, '0', '-1')];
    case 'stream':
      return [key, await redis.xrange(key, '-', '+')];
    default:
      return [key, await redis.get(key)];
  }
}

async function messageOf(jobId: string): Promise<Envelope<RecordPurchasePayload>> {
  const [name] = queueNames;
  const queue = new Queue<Envelope<RecordPurchasePayload>>(name!, {
    prefix: stack.redis.prefix,
    connection: { url: stack.redis.url },
  });
  try {
    const job = await queue.getJob(jobId);
    return job!.data;
  } finally {
    await queue.close();
  }
}

test('a queued sale can be asked for, and shows its own business alone that it is queued', async () => {
  const { body } = await api.post(TRANSACTIONS, shop.sale());
  const asked = await api.get<Job>(`/v1/jobs/${body.job.id}`);
  expect(asked.body).toMatchObject({ id: body.job.id, status: 'queued' });
  expect(asked.body.finishedAt).toBeUndefined();
  expect(asked.headers.get('retry-after')).toBe('1');

  const stranger = await openShop(stack.database.ownerUrl);
  const theirs = createApi(stack.edgeUrl, stranger.apiKey);
  const foreign = await theirs.get(`/v1/jobs/${body.job.id}`);
  const absent = await theirs.get('/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz');
  const withoutId = ({ body }: typeof foreign) => ({ ...(body as object), requestId: undefined });
  expect(foreign.status).toBe(404);
  expect(withoutId(foreign)).toEqual(withoutId(absent));
});

test('a queued sale already refuses the same external id with another total', async () => {
  const sale = shop.sale();
  const first = await api.post(TRANSACTIONS, sale);
  const other = await api.post(TRANSACTIONS, { ...sale, total: 1 });
  const again = await api.post(TRANSACTIONS, sale);
  expect(refusal(other)).toEqual([422, 'idempotency-key-reused']);
  expect(again.body.job.id).toBe(first.body.job.id);
});

test('a client whose wait runs out gets 202 and the job', async () => {
  const { status, headers, body } = await api.post(TRANSACTIONS, shop.sale(), { Prefer: 'wait=1' });
  expect(status).toBe(202);
  expect(headers.get('location')).toBe(`/v1/jobs/${body.job.id}`);
  expect(body.job.status).toBe('queued');
});

test('the message carries the trace of its request, and no made-up one', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const traced = await api.post(TRANSACTIONS, shop.sale(), { traceparent });
  expect((await messageOf(traced.body.job.id)).traceparent).toBe(traceparent);
  const batch = { transactions: [shop.sale()] };
  const { body } = await api.post<{ entries: { job: { id: string } }[] }>(
    `${TRANSACTIONS}/batch`,
    batch,
    { traceparent },
  );
  expect((await messageOf(body.entries[0]!.job.id)).traceparent).toBe(traceparent);
  const garbled = await api.post(TRANSACTIONS, shop.sale(), { traceparent: 'not a trace' });
  expect(await messageOf(garbled.body.job.id)).not.toHaveProperty('traceparent');
});

test('the message names who sent it and when, and travels under its job’s id', async () => {
  const sale = shop.sale();
  const { body } = await api.post(TRANSACTIONS, sale);
  expect(await messageOf(body.job.id)).toMatchObject({
    id: body.job.id,
    type: 'record-purchase',
    version: 1,
    businessId: shop.businessId,
    principal: { kind: 'integration', id: 'pos' },
    receivedAt: body.job.createdAt,
    payload: { externalId: sale.externalId, total: 1_000 },
  });
});

test('a phone or e-mail is sealed on its way, enrols its owner, and is in no key, value or log line', async () => {
  const posts = [{ phone: PHONE }, { email: EMAIL.toUpperCase() }].map((customer) =>
    api.post(TRANSACTIONS, shop.sale({ customer })),
  );
  const jobs = (await Promise.all(posts)).map((reply) => reply.body.job.id);
  const { customer } = (await messageOf(jobs[0]!)).payload;
  const { sealedContact } = customer as { sealedContact: string };
  const sealer = createContactSealer(stack.contactSealingKey);
  expect(sealer.open(sealedContact)).toEqual({ kind: 'phone', value: PHONE });
  const queued = await dumpRedis();

  const worker = await stack.start('worker');
  for (const id of jobs) expect(await api.endOf(id)).toMatchObject({ status: 'completed' });
  const query = `/v1/pos/customers/lookup?phone=${encodeURIComponent(PHONE)}`;
  const { body } = await api.get<CustomerAtCounter>(query);
  expect(body.cards).toMatchObject([{ balance: 1 }]);
  expect((await api.get(`/v1/pos/customers/lookup?email=${EMAIL}`)).status).toBe(200);
  await failALookUp(query);

  const done = await dumpRedis();
  await worker.stop();
  await stack.stopProcesses();
  const logs = stack.logs();
  expect(queued).toContain(jobs[0]);
  expect(logs).toContain('lookup-customer');
  const canaries = [PHONE, PHONE.slice(1), EMAIL, EMAIL.toUpperCase(), shop.apiKey];
  for (const [place, text] of Object.entries({ queued, done, logs })) {
    const found = canaries.filter((canary) => text.includes(canary));
    expect({ place, found }).toEqual({ place, found: [] });
  }
});

/** A statement that fails is an error worth logging, though not the phone in it. */
async function failALookUp(query: string): Promise<void> {
  const locker = new Client({ connectionString: stack.database.ownerUrl });
  await locker.connect();
  try {
    await locker.query('BEGIN; LOCK TABLE customer.customers IN ACCESS EXCLUSIVE MODE');
    let isAnswered = false;
    const reply = api.get(query).finally(() => (isAnswered = true));
    await until('the look-up waits and is cancelled, or gives up by itself', async () => {
      const { rowCount } = await locker.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return isAnswered || Number(rowCount) > 0;
    });
    expect((await reply).status).toBeGreaterThanOrEqual(500);
  } finally {
    await locker.end();
  }
}
