/** Somebody of ours is on the telephone: finds the jobs, and has them tried again. */
import { randomUUID } from 'node:crypto';
import { UnrecoverableError, Worker, Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSqs } from '../../infra/sqs/client.ts';
import { deadLettersOf } from '../../queues/functions.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { assertBooks } from '../ledger-check.ts';
import { startReceiver } from '../receiver.ts';
import { startTestSqs, type TestSqs } from '../sqs.ts';
import { opsAuthorization, startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi } from './api.ts';
import { openShop, type Shop } from './shop.ts';

const VIEWER_PASSWORD = 'look but do not touch';
const viewerAuthorization = `Basic ${Buffer.from(`viewer:${VIEWER_PASSWORD}`).toString('base64')}`;

let queues: TestSqs;
let stack: TestStack;
let shop: Shop;
let api: Api;
let queue: Queue<Envelope>;

beforeAll(async () => {
  queues = await startTestSqs();
  stack = await startTestStack({
    processes: ['edge', 'worker', 'relay'],
    env: { OPS_VIEWER_PASSWORD: VIEWER_PASSWORD, ALLOW_PRIVATE_WEBHOOKS: '1', ...queues.env },
  });
  shop = await openShop(stack.database.ownerUrl, {
    name: 'Café <b>Bold</b> & Sons',
    customers: [{ program: 'Stamps' }],
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
  const { url, prefix } = stack.redis;
  queue = new Queue('transactions', { prefix, connection: { url } });
});

afterAll(async () => {
  try {
    await queue?.close();
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
    await queues?.stopAndForget();
  }
});

/** A page as a browser would see it, with entities read. */
async function look(path: string, authorization = opsAuthorization) {
  const answer = await fetch(stack.opsUrl + path, { headers: { Authorization: authorization } });
  const source = await answer.text();
  const text = source.replaceAll(/&#(\d+);/g, (_, code: string) =>
    String.fromCharCode(Number(code)),
  );
  return { status: answer.status, headers: answer.headers, source, text };
}

/** Presses a button as a browser does, and returns what the next page says. */
async function press(
  action: string,
  form: Record<string, string>,
  over: Record<string, string> = {},
) {
  const answer = await fetch(`${stack.opsUrl}/ops/actions/${action}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      Authorization: opsAuthorization,
      Origin: stack.opsUrl,
      'Sec-Fetch-Site': 'same-origin',
      ...over,
    },
    body: new URLSearchParams(form),
  });
  if (answer.status !== 303) return { status: answer.status, said: await answer.text() };
  const next = await look(answer.headers.get('location') ?? '');
  return { status: 303, said: /role="status">([^<]*)</.exec(next.text)?.[1] };
}

/** Takes a queue's jobs and fails each for good, as a bug would. */
async function failAll(howMany: number, reason: (job: number) => string): Promise<void> {
  const { url, prefix } = stack.redis;
  let failed = 0;
  const breaking = new Worker(
    'transactions',
    async () => {
      throw new UnrecoverableError(reason((failed += 1)));
    },
    { prefix, connection: { url } },
  );
  await until('all have failed', async () => (await queue.getFailedCount()) === howMany);
  await breaking.close();
}

async function restartWorker(): Promise<void> {
  await stack.start('worker');
}

async function balance(): Promise<number> {
  const [row] = await stack.database.query<{ balance: string }>(
    'SELECT balance FROM loyalty.cards WHERE code = $1',
    [shop.cards[0]!.code],
  );
  return Number(row?.balance);
}

const operations = () =>
  stack.database.query<{ operator: string; action: string; queue: string; jobs: number }>(
    `SELECT operator, action, queue, json_array_length(job_ids) AS jobs FROM business.operations
      ORDER BY asked_at`,
  );

describe('somebody looks for a customer’s jobs', () => {
  test('by card, customer, external id or job id, and finds them in less than ten seconds', async () => {
    const sale = shop.sale();
    const job = await api.postSale(sale);
    const declined = await api.postSale(shop.sale({ customer: { cardCode: 'no-such-card-0000' } }));
    for (const text of [shop.cards[0]!.code, shop.cards[0]!.id, sale.externalId, job.id]) {
      const startedAt = performance.now();
      const page = await look(`/ops/search?q=${encodeURIComponent(text)}`);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect([text, page.status, page.text.includes(`href="/ops/jobs/${job.id}"`)]).toEqual([
        text,
        200,
        true,
      ]);
      expect(page.text).not.toContain(declined.id);
    }
    const one = await look(`/ops/jobs/${job.id}`);
    expect(one.text).toContain('record-purchase, completed');
    expect(one.text).toContain(shop.cards[0]!.code);
  });

  test('within one business or none, and is told what is not there', async () => {
    const named = await look(`/ops/search?q=${shop.cards[0]!.code}&business=sons`);
    expect(named.text).toContain('record-purchase');
    const elsewhere = await look(`/ops/search?q=${shop.cards[0]!.code}&business=nobody`);
    expect(elsewhere.text).toContain('No business is called “nobody”.');
    expect((await look('/ops/search?q=crd_none')).text).toContain('No job is about that.');
    expect((await look('/ops/jobs/job_none')).status).toBe(404);
  });

  test('and sees names as text, in a page that runs no script', async () => {
    const page = await look(
      `/ops/search?q=${shop.cards[0]!.code}&business=${encodeURIComponent('<b>"')}`,
    );
    expect(page.source).not.toContain('<b>');
    const found = await look(`/ops/search?q=${shop.cards[0]!.code}`);
    expect(found.source).not.toContain('<b>');
    expect(found.text).toContain('Café <b>Bold</b> & Sons');
    expect(found.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';style-src 'self'/,
    );
    expect(found.source).not.toMatch(/<script|style=| on\w+=/);
  });
});

describe('jobs that failed', () => {
  test('are grouped by error and tried again, one or all, and none counts twice', async () => {
    const counted = await api.postSale(shop.sale());
    const before = await balance();
    await stack.processes['worker']!.stop();
    // One that was committed, and whose queue never heard of it.
    const done = await queue.getJob(counted.id);
    await done!.remove();
    await queue.add(done!.data.type, done!.data, { jobId: counted.id });
    const ids = [counted.id];
    for (let i = 0; i < 3; i += 1) {
      const posted = await api.post('/v1/pos/transactions', shop.sale());
      ids.push(posted.body.job.id);
    }
    await failAll(4, (job) => `cannot read property ${job} of ${shop.businessId}`);

    const overview = await look('/ops');
    expect(overview.text).toContain('cannot read property 0 of …');
    const key = /name="group" value="([\w-]+)"/.exec(overview.source)?.[1] ?? '';
    expect(overview.text).toContain('Retry all 4');
    const group = await look(`/ops/failures/${key}`);
    for (const id of ids) expect(group.text).toContain(`/ops/jobs/${id}`);
    const found = await look(`/ops/search?q=${encodeURIComponent('read property')}`);
    for (const id of ids) expect(found.text).toContain(`/ops/jobs/${id}`);

    expect(await press('retry', { queue: 'transactions', job: ids[1]! })).toEqual({
      status: 303,
      said: 'It is being tried again.',
    });
    expect((await press('retry', { queue: 'transactions', job: ids[1]! })).said).toMatch(
      /^It had not/,
    );
    expect((await press('retry-group', { group: key })).said).toBe('3 of 3 are being tried again.');
    await restartWorker();
    for (const id of ids) expect(await api.endOf(id)).toMatchObject({ status: 'completed' });
    expect(await balance()).toBe(before + 3);
    expect((await look('/ops')).text).toContain('No job has failed for good.');
  });

  test('that wait for their next try are tried now', async () => {
    const job = await queue.add('record-purchase', {} as Envelope, {
      delay: 3_600_000,
      jobId: 'job_later',
    });
    expect((await press('promote', { queue: 'transactions', job: 'job_later' })).said).toBe(
      'It is tried now.',
    );
    await until('it was tried', async () => (await job.getState()) === 'failed');
    await job.remove();
  });
});

describe('a queue', () => {
  test('is paused and resumed; what comes meanwhile waits', async () => {
    expect((await press('pause', { queue: 'transactions' })).said).toMatch(/^The queue is paused/);
    const posted = await api.post('/v1/pos/transactions', shop.sale());
    expect(posted.status).toBe(202);
    expect((await look('/ops')).text).toContain('>paused<');
    expect(await queue.getWaitingCount()).toBe(1);
    expect((await press('resume', { queue: 'transactions' })).said).toBe('The queue runs.');
    expect(await api.endOf(posted.body.job.id)).toMatchObject({ status: 'completed' });
  });
});

/** How often the button for dead letters was pressed. */
let redriven = 0;

describe('what others could not do', () => {
  test('is shown and sent again: the dead letters of a function', async () => {
    const sqs = createSqs({ region: 'eu-west-1', endpoint: queues.url, env: {} });
    const queueUrl = queues.env['ANALYTICS_QUEUE_URL']!;
    await sqs('SendMessageBatch', {
      QueueUrl: deadLettersOf(queueUrl),
      Entries: [
        { Id: '1', MessageBody: JSON.stringify({ businessId: shop.businessId, odd: '<i>' }) },
      ],
    });
    const overview = await look('/ops');
    expect(overview.text).toContain('href="/ops/dead-letters/analytics"');
    const letters = await look('/ops/dead-letters/analytics');
    expect(letters.text).toContain('"odd": "<i>"');
    expect(letters.source).not.toContain('<i>');
    expect((await look('/ops/dead-letters/nothing')).status).toBe(404);
    await until('the letter can be seen again', async () => {
      redriven += 1;
      const pressed = await press('redrive', { function: 'analytics' });
      return pressed.said === 'One message was sent again.';
    });
    expect((await look('/ops')).text).not.toContain('href="/ops/dead-letters/analytics"');
  });

  test('is shown and sent again: webhooks that a receiver missed', async () => {
    const receiver = await startReceiver();
    // An endpoint is told of all that leaves the outbox from now on.
    await until('earlier sales have been told of', async () => {
      const rows = await stack.database.query('SELECT FROM loyalty.outbox');
      return rows.length === 0;
    });
    try {
      const added = await api.post<{ id: string }>(
        '/v1/admin/webhook-endpoints',
        { name: 'Stock', url: receiver.url, types: ['transaction.recorded'] },
        { 'Idempotency-Key': randomUUID() },
      );
      await api.postSale(shop.sale());
      await until('it has come', () => receiver.received.length === 1);
      await until('it is settled', async () => {
        const changed = await stack.database.query(
          `UPDATE business.webhook_deliveries SET status = 'failed', failure = 'rejected'
            WHERE status = 'delivered' RETURNING id`,
        );
        return changed.length === 1;
      });
      const overview = await look('/ops');
      expect(overview.text).toContain(`value="${added.body.id}"`);
      expect(overview.text).toContain(new URL(receiver.url).host);
      const target = { business: shop.businessId, endpoint: added.body.id };
      expect((await press('replay', target)).said).toMatch(/is being sent again\.$/);
      await until('it has come again', () => receiver.received.length === 2);
      await until('its owner can see who did it', async () => {
        const [row] = await stack.database.query<{ by: string }>(
          `SELECT principal_kind || ' ' || principal_id AS by FROM business.audit_log
            WHERE action = 'replay-webhooks' AND subject_id = $1`,
          [added.body.id],
        );
        return row?.by === 'system ops';
      });
    } finally {
      await receiver.close();
    }
  });
});

describe('every button', () => {
  test('is noted with who pressed it and what for', async () => {
    // The one of dead letters was pressed until there was one to be seen.
    const noted = await until('all are noted', async () => {
      const all = await operations();
      const told = all.slice(6).map(({ action, queue: of }) => `${action} ${of}`);
      const redrives = told.filter((line) => line === 'redrive analytics-dlq');
      return redrives.length === redriven && told.includes('redrive webhooks') && all;
    });
    expect(noted.slice(0, 6)).toEqual([
      { operator: 'ops', action: 'retry', queue: 'transactions', jobs: 1 },
      { operator: 'ops', action: 'retry', queue: 'transactions', jobs: 1 },
      { operator: 'ops', action: 'retry', queue: 'transactions', jobs: 3 },
      { operator: 'ops', action: 'promote', queue: 'transactions', jobs: 1 },
      { operator: 'ops', action: 'pause', queue: 'transactions', jobs: 0 },
      { operator: 'ops', action: 'resume', queue: 'transactions', jobs: 0 },
    ]);
    const log = await look('/ops/log');
    expect(log.text).toContain('cannot read property 0 of …');
  });

  test('is for operators: who may look is shown none, and is refused', async () => {
    const page = await look('/ops', viewerAuthorization);
    expect(page.status).toBe(200);
    expect(page.source).not.toContain('method="post"');
    const noted = (await operations()).length;
    for (const path of ['/ops/actions/pause', '/ops/board/api/queues/transactions/pause']) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const answer = await fetch(stack.opsUrl + path, {
          method,
          headers: { Authorization: viewerAuthorization, Origin: stack.opsUrl },
          body: new URLSearchParams({ queue: 'transactions' }),
        });
        expect([path, method, answer.status]).toEqual([path, method, 403]);
      }
    }
    expect(await queue.isPaused()).toBe(false);
    expect(await operations()).toHaveLength(noted);
  });

  test('works from our own pages alone', async () => {
    const form = { queue: 'transactions' };
    for (const from of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      expect(await press('pause', form, from)).toMatchObject({ status: 403 });
    }
    expect(await queue.isPaused()).toBe(false);
  });

  test('of Bull Board is noted as well; those that would break a promise are dead', async () => {
    const put = (path: string, method = 'PUT') =>
      fetch(`${stack.opsUrl}/ops/board/api/queues/${path}`, {
        method,
        headers: { Authorization: opsAuthorization, Origin: stack.opsUrl },
      });
    const before = (await operations()).length;
    expect((await put('transactions/pause')).status).toBe(200);
    expect((await put('transactions/resume')).status).toBe(200);
    await until('both are noted', async () => (await operations()).length === before + 2);
    for (const [path, method] of [
      ['transactions/empty'],
      ['transactions/obliterate'],
      ['transactions/clean/failed'],
      ['transactions/job_x/clean'],
      ['transactions/job_x/update-data', 'PATCH'],
      ['transactions/add', 'POST'],
      ['transactions/retry/completed'],
      ['pause'],
    ] as const) {
      expect([path, (await put(path, method)).status]).toEqual([path, 403]);
    }
    expect(await operations()).toHaveLength(before + 2);
  });
});
