/** What those who run Regulars can see of a sale: one trace, and metrics of every process. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePorts } from '../../infra/local/ports.ts';
import { opsAuthorization, startTestStack, type TestStack } from '../stack.ts';
import { startReceiver } from '../receiver.ts';
import { startTraceCollector } from '../trace-collector.ts';
import { until } from '../until.ts';
import { type Api, createApi } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let collector: Awaited<ReturnType<typeof startTraceCollector>>;
let stack: TestStack;
let shop: Shop;
let api: Api;
let workerMetrics: string;
let relayMetrics: string;

beforeAll(async () => {
  collector = await startTraceCollector();
  const [worker = 0, relay = 0] = await freePorts(2);
  [workerMetrics, relayMetrics] = [worker, relay].map(
    (port) => `http://127.0.0.1:${port}/metrics`,
  ) as [string, string];
  stack = await startTestStack({
    processes: ['edge', 'worker', 'relay'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER_ARG: '0.5',
      ALLOW_PRIVATE_WEBHOOKS: '1',
      WORKER_METRICS_PORT: String(worker),
      RELAY_METRICS_PORT: String(relay),
    },
  });
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await stack?.stop();
  await collector?.close();
});

/** A trace id that the sampler keeps at one half, or one that it does not: it goes by all parts xored. */
function traceIdOf(is: 'kept' | 'dropped'): string {
  const part = randomBytes(4).toString('hex');
  return `${part}${part}${is === 'kept' ? '00000001' : 'fffffff0'}00000000`;
}
const traceparent = (traceId: string, sampled = '01') =>
  `00-${traceId}-00f067aa0ba902b7-${sampled}`;

/** The spans of these names, once each has come: every process sends its own, when it has time to. */
function spansNamed<const Names extends readonly string[]>(traceId: string, names: Names) {
  return until(`the spans ${names.join(', ')}`, () => {
    const all = collector.spans(traceId);
    const found = names.map((wanted) => all.find(({ name }) => name === wanted));
    return (
      found.every((span) => span !== undefined) &&
      (found as { [Place in keyof Names]: (typeof all)[number] })
    );
  });
}

describe('a sale that a till traces', () => {
  test('is one trace from its POST through queue and commit to what is told of it', async () => {
    const traceId = traceIdOf('kept');
    const job = await api.postSale(shop.sale(), { traceparent: traceparent(traceId) });
    expect(job.status).toBe('completed');
    const [post, send, apply, deliver] = await spansNamed(traceId, [
      'POST record-purchase',
      'send transactions',
      'apply record-purchase',
      'deliver open-screens',
    ]);
    const spans = collector.spans(traceId);
    expect([post.service, send.service, apply.service, deliver.service]).toEqual([
      'regulars-edge',
      'regulars-edge',
      'regulars-worker',
      'regulars-relay',
    ]);
    expect(post.parentSpanId).toBe('00f067aa0ba902b7');
    expect(send.parentSpanId).toBe(post.spanId);
    expect(apply.parentSpanId).toBe(send.spanId);
    expect(deliver.parentSpanId).toBe(apply.spanId);
    expect(apply.attributes).toMatchObject({ 'regulars.outcome': 'completed' });
    expect(post.attributes).toMatchObject({ 'http.response.status_code': 202 });
    // What is in them is for operators: nothing of the customer or the business.
    const told = JSON.stringify(spans);
    for (const secret of [shop.apiKey, shop.businessId, shop.cards[0]!.code]) {
      expect(told).not.toContain(secret);
    }
  });

  test('goes on to the servers of the business, in whose own traces it can be found', async () => {
    const receiver = await startReceiver();
    try {
      const added = await api.post(
        '/v1/admin/webhook-endpoints',
        { name: 'Stock', url: receiver.url, types: ['transaction.recorded'] },
        { 'Idempotency-Key': traceIdOf('kept') },
      );
      expect(added.status).toBe(201);
      const [traced, untraced] = [traceIdOf('kept'), traceIdOf('dropped')];
      for (const traceId of [traced, untraced]) {
        await api.postSale(shop.sale(), { traceparent: traceparent(traceId) });
      }
      const [sent, apply] = await spansNamed(traced, ['send webhook', 'apply record-purchase']);
      expect(sent).toMatchObject({
        service: 'regulars-relay',
        parentSpanId: apply.spanId,
        attributes: { 'regulars.outcome': 'arrived' },
      });
      const got = await until(
        'both have come',
        () => receiver.received.length === 2 && receiver.received,
      );
      const given = got.map(({ headers }) => headers['traceparent']);
      expect(given).toContain(`00-${traced}-${sent.spanId}-01`);
      // Nobody keeps this one here; its id is passed on as it came.
      expect(given.find((header) => header?.includes(untraced))).toMatch(/-00$/);
    } finally {
      await receiver.close();
    }
  });

  test('is kept in our own share, however many the till keeps; and never against its will', async () => {
    const [tooMany, unwanted] = [traceIdOf('dropped'), traceIdOf('kept')];
    await api.postSale(shop.sale(), { traceparent: traceparent(tooMany) });
    await api.postSale(shop.sale(), { traceparent: traceparent(unwanted, '00') });
    const wanted = traceIdOf('kept');
    await api.postSale(shop.sale(), { traceparent: traceparent(wanted) });
    // A process sends its spans in their order: what was kept of the earlier ones has come, too.
    await spansNamed(wanted, [
      'POST record-purchase',
      'apply record-purchase',
      'deliver open-screens',
    ]);
    expect(collector.spans(tooMany)).toEqual([]);
    expect(collector.spans(unwanted)).toEqual([]);
  });
});

describe('metrics', () => {
  const read = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, { headers });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; .*version=0\.0\.4/);
    return answer.text();
  };
  /** The value of a series; NaN when there is none. */
  const value = (text: string, series: string) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1));
  };

  test('of the edge have rate, errors and duration of each route', async () => {
    await api.get('/v1/pos/transactions/txn_nothing');
    const text = await until('the answers are noted', async () => {
      const found = await read(`${stack.opsUrl}/metrics`, { Authorization: opsAuthorization });
      return found.includes('route="get-transaction",status="400"') && found;
    });
    const posts = value(text, 'regulars_http_requests_total{route="record-purchase",status="202"}');
    expect(posts).toBeGreaterThanOrEqual(4);
    expect(
      value(text, 'regulars_http_request_duration_seconds_count{route="record-purchase"}'),
    ).toBe(posts);
    expect(value(text, 'regulars_process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });

  test('of the worker have batches, outcomes, and how long a sale took from its POST', async () => {
    const text = await read(workerMetrics);
    const sales = value(
      text,
      'regulars_commands_total{command="record-purchase",outcome="completed"}',
    );
    expect(sales).toBeGreaterThanOrEqual(4);
    expect(value(text, 'regulars_command_batch_size_sum{command="record-purchase"}')).toBe(sales);
    expect(value(text, 'regulars_command_latency_seconds_count{command="record-purchase"}')).toBe(
      sales,
    );
    expect(
      value(text, 'regulars_command_apply_duration_seconds_count{command="record-purchase"}'),
    ).toBeGreaterThan(0);
  });

  test('of the relay have queues, outbox, and what the business did', async () => {
    const text = await read(relayMetrics);
    expect(value(text, 'regulars_queue_jobs{queue="transactions",state="waiting"}')).toBe(0);
    expect(value(text, 'regulars_queue_oldest_job_age_seconds{queue="transactions"}')).toBe(0);
    expect(value(text, 'regulars_outbox_rows{destination="all"}')).toBe(0);
    expect(value(text, 'regulars_redis_memory_used_ratio')).toBeGreaterThan(0);
    expect(value(text, 'regulars_facts_total{type="transaction.recorded"}')).toBeGreaterThanOrEqual(
      4,
    );
    expect(
      value(text, 'regulars_relay_deliveries_total{destination="open-screens",result="arrived"}'),
    ).toBeGreaterThan(0);
  });

  test('see what waits: jobs without a worker, and for how long', async () => {
    await stack.processes['worker']!.stop();
    await api.post('/v1/pos/transactions', shop.sale());
    await until('the oldest job has an age', async () => {
      const text = await read(relayMetrics);
      return (
        value(text, 'regulars_queue_jobs{queue="transactions",state="waiting"}') === 1 &&
        value(text, 'regulars_queue_oldest_job_age_seconds{queue="transactions"}') > 0
      );
    });
  });
});
