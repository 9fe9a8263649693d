/** A business's own servers are told what happens, and can prove who told them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { fromJSONSchema, type z } from 'zod';
import { committedDocument } from '../../edge/openapi/committed.ts';
import type {
  WebhookDeliveryView,
  WebhookEndpointView,
  WholeWebhookDeliveryView,
} from '../../edge/views/webhook-endpoint.ts';
import { type Received, type Receiver, startReceiver } from '../receiver.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, withKey, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

const ENDPOINTS = '/v1/admin/webhook-endpoints';

let stack: TestStack;
let shop: Shop;
let api: Api;
const receivers: Receiver[] = [];

beforeAll(async () => {
  stack = await startTestStack({
    processes: ['edge', 'worker', 'relay'],
    env: { ALLOW_PRIVATE_WEBHOOKS: '1' },
  });
});

beforeEach(async () => {
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

afterAll(async () => {
  await stack?.stop();
});

type Endpoint = WebhookEndpointView & { secret: string };
type Page = { data: WebhookDeliveryView[]; nextCursor: string | null };

async function aReceiver(): Promise<Receiver> {
  const receiver = await startReceiver();
  receivers.push(receiver);
  return receiver;
}

async function addEndpoint(url: string, over: object = {}): Promise<Endpoint> {
  const added = await api.post<Endpoint>(ENDPOINTS, { name: 'Stock', url, ...over }, withKey());
  expect(added).toMatchObject({ status: 201, body: { status: 'active', failingSince: null } });
  return added.body;
}

const sell = (card = 0) =>
  api.record(shop.sale({ customer: { cardCode: shop.cards[card]!.code } }));

async function deliveriesOf(endpoint: Endpoint, query = ''): Promise<WebhookDeliveryView[]> {
  const { body } = await api.get<Page>(`${ENDPOINTS}/${endpoint.id}/deliveries${query}`);
  return body.data;
}

function verifyBoth(secret: string, { headers, text, body }: Received): void {
  const given = headers as Record<string, string>;
  expect(new StandardWebhook(secret).verify(text, given)).toEqual(body);
  // Throws when it does not hold.
  new SvixWebhook(secret).verify(text, given);
}

type JsonSchema = Parameters<typeof fromJSONSchema>[0];

/** What the API's document says that an event holds. */
function documented(type: string): z.ZodType {
  const { webhooks } = JSON.parse(readFileSync(committedDocument, 'utf8')) as {
    webhooks: Record<
      string,
      { post: { requestBody: { content: Record<string, { schema: JsonSchema }> } } }
    >;
  };
  return fromJSONSchema(webhooks[type]!.post.requestBody.content['application/json']!.schema);
}

const versionOf = async (endpoint: Endpoint) =>
  (await api.get<Endpoint>(`${ENDPOINTS}/${endpoint.id}`)).headers.get('etag')!;

describe('an endpoint', () => {
  test('is told of a sale, signed so that both libraries verify it, each event with its id', async () => {
    const receiver = await aReceiver();
    const { secret } = await addEndpoint(receiver.url);
    await sell();
    await sell();
    await until('four events have come', () => receiver.received.length >= 4);
    for (const received of receiver.received) {
      verifyBoth(secret, received);
      expect(documented(received.body.type).safeParse(received.body).error).toBeUndefined();
      expect(received.headers['webhook-id']).toMatch(/^evt_[\da-z]{26}$/);
      expect(Object.keys(received.body)).toEqual(['type', 'timestamp', 'data']);
      const ageMs = Date.now() - Date.parse(received.body.timestamp);
      expect(Math.abs(ageMs)).toBeLessThan(60_000);
      expect(received.text.length).toBeLessThan(20_000);
    }
    expect(receiver.ofType('transaction.recorded')).toHaveLength(2);
    const cards = receiver.ofType('card.balance_changed').map(({ body }) => body.data);
    expect(new Set(cards.map(({ sequence }) => sequence))).toEqual(new Set([1, 2]));
    expect(receiver.connections).toBeLessThanOrEqual(4);
  });

  test('is told of what it asked for, and of nothing else', async () => {
    const [all, some] = [await aReceiver(), await aReceiver()];
    await addEndpoint(all.url);
    await addEndpoint(some.url, { types: ['transaction.recorded'] });
    await sell();
    await until('both have come', () => all.received.length >= 2 && some.received.length >= 1);
    expect(some.received.map(({ body }) => body.type)).toEqual(['transaction.recorded']);
    expect(some.received[0]!.headers['webhook-id']).toBe(
      all.ofType('transaction.recorded')[0]!.headers['webhook-id'],
    );
  });

  test('shows its secret once: to whoever asked, also when they ask again, and to nobody later', async () => {
    const receiver = await aReceiver();
    const body = { name: 'Stock', url: receiver.url };
    const key = withKey();
    const first = await api.post<Endpoint>(ENDPOINTS, body, key);
    const again = await api.post<Endpoint>(ENDPOINTS, body, key);
    expect(first.body.secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(again.body).toEqual(first.body);
    const { id } = first.body;
    const shown = await api.get<object>(`${ENDPOINTS}/${id}`);
    expect(shown.body).not.toHaveProperty('secret');
    const listed = await api.get<{ data: object[] }>(ENDPOINTS);
    expect(listed.body.data).toEqual([shown.body]);
    const kept = await stack.database.query(
      `SELECT row_to_json(e)::text AS row FROM business.webhook_endpoints e
       UNION ALL SELECT row_to_json(j)::text FROM loyalty.jobs j
       UNION ALL SELECT row_to_json(a)::text FROM business.audit_log a`,
    );
    expect(JSON.stringify(kept)).not.toContain(first.body.secret.slice('whsec_'.length));
  });

  test('is changed by whoever has seen it last, switched off and on, and removed', async () => {
    const receiver = await aReceiver();
    const endpoint = await addEndpoint(receiver.url);
    const path = `${ENDPOINTS}/${endpoint.id}`;
    const stale = await api.send('PATCH', path, { json: { name: 'X' } });
    expect(refusal(stale)).toEqual([428, 'precondition-required']);
    const off = await api.send<Endpoint>('PATCH', path, {
      json: { status: 'disabled' },
      headers: { 'If-Match': '"1"' },
    });
    expect(off).toMatchObject({
      status: 200,
      body: { status: 'disabled', disabledReason: 'staff' },
    });
    const late = await api.send('PATCH', path, {
      json: { name: 'X' },
      headers: { 'If-Match': '"1"' },
    });
    expect(refusal(late)).toEqual([412, 'precondition-failed']);

    await sell();
    await until('it is kept', async () => (await deliveriesOf(endpoint)).length >= 2);
    expect(await deliveriesOf(endpoint)).toContainEqual(
      expect.objectContaining({ status: 'failed', failure: 'endpoint-disabled', tries: 0 }),
    );
    const on = await api.send('PATCH', path, {
      json: { status: 'active' },
      headers: { 'If-Match': off.headers.get('etag')! },
    });
    expect(on).toMatchObject({ status: 200, body: { status: 'active', disabledReason: null } });
    const since = new Date(Date.now() - 60_000).toISOString();
    const replayed = await api.send('POST', `${path}/replay?since=${since}&only=failed`, {
      headers: withKey(),
    });
    expect(replayed).toMatchObject({ status: 200, body: { replay: { deliveries: 2 } } });
    await until('what it missed has come', () => receiver.received.length === 2);

    const removed = await api.send('DELETE', path, {
      headers: { 'If-Match': on.headers.get('etag')! },
    });
    expect(removed).toMatchObject({ status: 200, body: { status: 'removed' } });
    expect((await api.get<{ data: object[] }>(ENDPOINTS)).body.data).toEqual([]);
  });

  test('has two live secrets for a day after a rotation', async () => {
    const receiver = await aReceiver();
    const endpoint = await addEndpoint(receiver.url);
    const rotated = await api.send<Endpoint>('POST', `${ENDPOINTS}/${endpoint.id}/rotate-secret`, {
      headers: { 'If-Match': '"1"' },
    });
    expect(rotated).toMatchObject({ status: 200 });
    const until24 = Date.parse(rotated.body.previousSecretUntil!) - Date.now();
    expect(Math.round(until24 / 3_600_000)).toBe(24);
    await sell();
    await until('something has come', () => receiver.received.length > 0);
    const [received] = receiver.received;
    expect(received!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    verifyBoth(rotated.body.secret, received!);
    verifyBoth(endpoint.secret, received!);

    await stack.database.query(
      `UPDATE business.webhook_endpoints SET previous_until = now() - interval '1 second'`,
    );
    receiver.answer(200);
    await sell();
    const last = await until('more has come', () => receiver.received[3]);
    verifyBoth(rotated.body.secret, last);
    expect(() => verifyBoth(endpoint.secret, last)).toThrow();
  });

  test('takes a test event, and its page tells how that went', async () => {
    const receiver = await aReceiver();
    receiver.answer({ status: 200 });
    const endpoint = await addEndpoint(receiver.url, { types: ['tier.changed'] });
    const sent = await api.send<{ delivery: { id: string } }>(
      'POST',
      `${ENDPOINTS}/${endpoint.id}/test`,
      { headers: withKey() },
    );
    expect(sent).toMatchObject({ status: 201, body: { delivery: { type: 'webhook.test' } } });
    const path = `${ENDPOINTS}/${endpoint.id}/deliveries/${sent.body.delivery.id}`;
    const done = await until('it is delivered', async () => {
      const { body } = await api.get<{ delivery: WholeWebhookDeliveryView }>(path);
      return body.delivery.status === 'delivered' && body.delivery;
    });
    expect(done).toMatchObject({ type: 'webhook.test', tries: 1, failure: null, dueAt: null });
    expect(done.attempts).toMatchObject([{ status: 200, failure: null, answer: 'so' }]);
    expect(done.body).toBe(receiver.received[0]!.text);
    verifyBoth(endpoint.secret, receiver.received[0]!);
  });
});

describe('a receiver that fails', () => {
  test('is tried again by itself, and at once when somebody says so', async () => {
    const receiver = await aReceiver();
    receiver.answer({ status: 503, headers: { 'Retry-After': '3600' } });
    const endpoint = await addEndpoint(receiver.url, { types: ['transaction.recorded'] });
    await sell();
    const [waiting] = await until('it has failed once', async () => {
      const pending = await deliveriesOf(endpoint, '?status=pending');
      return pending[0]?.tries === 1 && pending;
    });
    expect(waiting).toMatchObject({
      failure: 'rejected',
      lastAttempt: { status: 503, answer: 'so' },
    });
    const inMs = Date.parse(waiting!.dueAt!) - Date.now();
    expect(Math.round(inMs / 60_000)).toBe(60);
    await until('it is known to fail', async () => {
      const { body } = await api.get<Endpoint>(`${ENDPOINTS}/${endpoint.id}`);
      return body.failingSince !== null;
    });

    receiver.answer(204);
    const path = `${ENDPOINTS}/${endpoint.id}/deliveries/${waiting!.id}/resend`;
    expect(await api.send('POST', path, { headers: withKey() })).toMatchObject({ status: 200 });
    await until('it has arrived', async () => {
      const [delivery] = await deliveriesOf(endpoint);
      return delivery?.status === 'delivered';
    });
    await until('all is well', async () => {
      const { body } = await api.get<Endpoint>(`${ENDPOINTS}/${endpoint.id}`);
      return body.failingSince === null;
    });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('that says it is gone is disabled, and so is one where nothing arrived for five days', async () => {
    const [gone, failing] = [await aReceiver(), await aReceiver()];
    gone.answer(410);
    failing.answer(500);
    const endpoints = [await addEndpoint(gone.url), await addEndpoint(failing.url)] as const;
    await stack.database.query(
      `UPDATE business.webhook_endpoints SET failing_since = now() - interval '5 days'
        WHERE url = $1`,
      [failing.url],
    );
    await sell();
    for (const [i, reason] of ['gone', 'failing'].entries()) {
      await until(`one is disabled as ${reason}`, async () => {
        const { body } = await api.get<Endpoint>(`${ENDPOINTS}/${endpoints[i]!.id}`);
        return body.status === 'disabled' && body.disabledReason === reason;
      });
      const left = await deliveriesOf(endpoints[i]!);
      expect(left).toHaveLength(2);
      expect(left.map(({ status }) => status)).toEqual(['failed', 'failed']);
    }
    expect(failing.received).toHaveLength(1);
  });
});

describe('a URL', () => {
  test.each([
    'http://hooks.cafe.example/',
    'https://127.0.0.1/',
    'https://[::ffff:7f00:1]/',
    'https://user:secret@hooks.cafe.example/',
    'https://hooks.cafe.example:6379/',
    'file:///etc/passwd',
  ])('of another kind than a public https one is refused: %s', async (url) => {
    const edge = await strictEdge();
    const refused = await edge.post(ENDPOINTS, { name: 'Stock', url }, withKey());
    expect(refusal(refused)).toEqual([422, 'forbidden-url']);
  });

  let strict: Promise<Api> | undefined;
  const strictEdge = () =>
    (strict ??= stack
      .startEdge({ ALLOW_PRIVATE_WEBHOOKS: '0' })
      .then(({ url }) => createApi(url, shop.apiKey)));
});

test('nobody sees another business’s endpoints and deliveries: it is as if there were none', async () => {
  const receiver = await aReceiver();
  const endpoint = await addEndpoint(receiver.url);
  const other = await openShop(stack.database.ownerUrl);
  const theirs = createApi(stack.edgeUrl, other.apiKey);
  const path = `${ENDPOINTS}/${endpoint.id}`;
  const version = await versionOf(endpoint);
  for (const [method, end] of [
    ['GET', ''],
    ['GET', '/deliveries'],
    ['POST', '/test'],
    ['POST', '/rotate-secret'],
    ['POST', '/replay?since=2026-11-22T00:00:00Z'],
    ['DELETE', ''],
  ] as const) {
    const answer = await theirs.send(method, path + end, {
      headers: { ...withKey(), 'If-Match': version },
    });
    expect([method, end, answer.status]).toEqual([method, end, 404]);
  }
});
