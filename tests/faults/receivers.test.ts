/**
 * Receivers are in every kind of trouble, and the relay dies while it sends: those that are well hear
 * of everything meanwhile, nothing inside is asked, and in the end everything has arrived.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { WebhookDeliveryView } from '../../edge/views/webhook-endpoint.ts';
import { freePort } from '../../infra/local/ports.ts';
import { type Api, createApi } from '../journeys/api.ts';
import { openShop, type Shop } from '../journeys/shop.ts';
import { type Received, type Receiver, startReceiver } from '../receiver.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';

const ENDPOINTS = '/v1/admin/webhook-endpoints';
const SALES = 20;

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

afterAll(async () => {
  await stack.stop();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

async function aReceiver(port?: number): Promise<Receiver> {
  const receiver = await startReceiver(port);
  receivers.push(receiver);
  return receiver;
}

const types = ['transaction.recorded'];

async function addEndpoint(url: string): Promise<string> {
  const headers = { 'Idempotency-Key': randomUUID() };
  const { body } = await api.post<{ id: string }>(
    ENDPOINTS,
    { name: 'Stock', url, types },
    headers,
  );
  return body.id;
}

const idsOf = (all: readonly Received[]) =>
  new Set(all.map(({ headers }) => headers['webhook-id']));

async function hasAll(endpointId: string): Promise<boolean> {
  const path = `${ENDPOINTS}/${endpointId}/deliveries?status=delivered&limit=100`;
  const { body } = await api.get<{ data: WebhookDeliveryView[] }>(path);
  return body.data.length === SALES;
}

test('a receiver that is down, fails, hangs or redirects inside delays no other, and is replayed whole', async () => {
  const [well, failing, hanging, redirecting, trap] = (await Promise.all(
    Array.from({ length: 5 }, () => aReceiver()),
  )) as [Receiver, Receiver, Receiver, Receiver, Receiver];
  const downPort = await freePort();
  const downUrl = `http://127.0.0.1:${downPort}/hooks`;
  failing.answer(500);
  hanging.answer('hang');
  redirecting.answer({ status: 307, headers: { Location: trap.url } });
  const troubled = await Promise.all(
    [failing.url, hanging.url, redirecting.url, downUrl].map(addEndpoint),
  );
  const wellId = await addEndpoint(well.url);

  const since = new Date().toISOString();
  await Promise.all(Array.from({ length: SALES }, () => api.record(shop.sale())));
  await until('the one that is well has all', () => well.received.length >= SALES);
  expect(idsOf(well.received).size).toBe(SALES);
  await until('all of it is written down', () => hasAll(wellId));
  await until('the others were tried', () =>
    [failing, hanging, redirecting].every(({ received }) => received.length > 0),
  );
  expect(trap.connections).toBe(0);

  const up = await aReceiver(downPort);
  for (const receiver of [failing, hanging, redirecting]) receiver.answer(204);
  for (const id of troubled) {
    const path = `${ENDPOINTS}/${id}/replay?since=${since}&only=failed`;
    const replayed = await api.send('POST', path, { headers: { 'Idempotency-Key': randomUUID() } });
    expect(replayed).toMatchObject({ status: 200, body: { replay: { endpointId: id } } });
  }
  for (const id of troubled) await until(`all has arrived at ${id}`, () => hasAll(id));
  for (const { received } of [failing, hanging, redirecting, up]) {
    expect(idsOf(received)).toEqual(idsOf(well.received));
  }
  expect(trap.connections).toBe(0);
});

test('what a relay was sending when it was killed is sent again', async () => {
  const receiver = await aReceiver();
  receiver.answer('hang');
  await addEndpoint(receiver.url);
  await api.record(shop.sale());
  await until('the first try is under way', () => receiver.received.length === 1);
  await stack.processes['relay']!.kill('SIGKILL');
  receiver.answer(204);
  await stack.start('relay');
  await until('it has come again', () => receiver.received.length >= 2);
  expect(idsOf(receiver.received).size).toBe(1);
});
