/** A customer's open screen shows what happens to their cards, as it happens. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { toUuid } from '../../infra/postgres/ids.ts';
import { CARD_EVENTS_CHANNEL } from '../../queues/outcome.ts';
import { openScreen, type Screen, type ScreenEvent } from '../screen.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { until } from '../until.ts';
import { type Api, createApi } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let issuer: TokenIssuer;
let stack: TestStack;
let shop: Shop;
let till: Api;
let bearer: string;
let screens: Screen[] = [];

beforeAll(async () => {
  issuer = await startTokenIssuer();
  stack = await startTestStack({ processes: ['edge', 'worker', 'relay'], env: issuer.env });
});

beforeEach(async () => {
  shop = await openShop(stack.database.ownerUrl, {
    customers: [{ program: 'Stamps' }, { program: 'Stamps' }],
  });
  till = createApi(stack.edgeUrl, shop.apiKey);
  bearer = await signIn(0);
});

afterEach(() => {
  screens.forEach((screen) => screen.close());
  screens = [];
});

afterAll(async () => {
  await stack?.stop();
  await issuer?.stop();
});

/** A token of one of the shop's customers. */
async function signIn(customer: number): Promise<string> {
  const subject = randomUUID();
  await stack.database.query(
    'INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)',
    [toUuid(shop.businessId), subject, toUuid(shop.cards[customer]!.customerId)],
  );
  return `Bearer ${issuer.token(subject)}`;
}

async function watch(lastEventId?: string): Promise<Screen> {
  const screen = await openScreen(stack.edgeUrl, bearer, lastEventId);
  screens.push(screen);
  return screen;
}

/** Asks for the stream, and is gone before an answer can have come. */
async function askAndHangUp(): Promise<void> {
  const { hostname, port } = new URL(stack.edgeUrl);
  const socket = connect({ host: hostname, port: Number(port) });
  const request = `GET /v1/customer/events HTTP/1.1\r\nHost: edge\r\nAuthorization: ${bearer}\r\n\r\n`;
  socket.write(request, () => socket.destroy());
  await once(socket, 'close');
}

/** Of the card that an event is about: which of its events was the last. */
function sequenceOf({ data }: ScreenEvent): number | undefined {
  const { sequence } = (data['card'] ?? data['data'] ?? {}) as { sequence?: number };
  return sequence;
}

const sellTo = (customer: number) =>
  till.record(shop.sale({ customer: { cardCode: shop.cards[customer]!.code } }));

describe('an open screen', () => {
  test('shows its customer’s cards at once, then each event as it happens, and nobody else’s', async () => {
    const screen = await watch();
    expect(screen.status).toBe(200);
    expect(screen.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(screen.headers.get('cache-control')).toBe('no-store, no-transform');
    const card = { id: shop.cards[0]!.id, balance: 0, sequence: 0 };
    expect((await screen.hear('card.state')).data).toMatchObject({ card, rewards: [] });

    await sellTo(1);
    await sellTo(0);
    const committedAt = Date.now();
    const heard = await screen.hear('card.balance_changed');
    expect(heard.heardAt - committedAt).toBeLessThan(10_000);
    expect(heard.data).toMatchObject({
      type: 'card.balance_changed',
      data: { cardId: card.id, balance: 1, sequence: 1 },
    });
    expect(
      screen.events.every(({ data }) => !JSON.stringify(data).includes(shop.cards[1]!.id)),
    ).toBe(true);
  });

  test('shows a card that was opened meanwhile, and the reward that a stamp completes', async () => {
    const screen = await watch();
    await screen.hear('card.state');
    await Promise.all(Array.from({ length: 10 }, () => sellTo(0)));
    const issued = await screen.hear('reward.issued');
    expect(issued.data).toMatchObject({ data: { name: 'Free coffee' } });
    const sequences = screen.events.flatMap((event) => sequenceOf(event) ?? []);
    expect(sequences).toHaveLength(new Set(sequences).size);
  });

  test('that comes back is shown what it missed, and nothing that it has seen', async () => {
    const first = await watch();
    await first.hear('card.state');
    await sellTo(0);
    const { id: lastSeen } = await first.hear('card.balance_changed');
    first.close();

    const unchanged = await watch(lastSeen);
    await sellTo(0);
    // As an event, or as the state where the sale was quicker than the screen.
    await until('the news is shown', () => unchanged.events.length > 0);
    expect(unchanged.events.map(sequenceOf)).toEqual([2]);
    unchanged.close();

    const behind = await watch(lastSeen);
    expect((await behind.hear('card.state')).data).toMatchObject({
      card: { balance: 2, sequence: 2 },
    });
    const forged = await watch('nonsense.7~crd_x.1');
    expect((await forged.hear('card.state')).data).toMatchObject({ card: { balance: 2 } });
  });

  test('makes room when a customer opens a sixth', async () => {
    const opened: Screen[] = [];
    for (let i = 0; i < 6; i += 1) opened.push(await watch());
    await until('the first has ended', () => !opened[0]!.isOpen);
    expect(opened.slice(1).every((screen) => screen.isOpen)).toBe(true);
  });

  test('whose reader has gone before it opened leaves nothing behind', async () => {
    for (let i = 0; i < 20; i += 1) await askAndHangUp();
    const redis = new Redis(stack.redis.url);
    try {
      const channel = `${stack.redis.prefix}:${CARD_EVENTS_CHANNEL}:${shop.cards[0]!.customerId}`;
      const followers = async () => (await redis.pubsub('NUMSUB', channel))[1];
      const screen = await watch();
      await screen.hear('card.state');
      expect(await followers()).toBe(1);
      screen.close();
      await until('nobody follows the customer any more', async () => (await followers()) === 0);
    } finally {
      redis.disconnect();
    }
  });

  test('is for customers with a token that holds', async () => {
    for (const [authorization, status] of [
      ['Bearer nonsense', 401],
      [`Bearer ${shop.apiKey}`, 403],
      [`Bearer ${issuer.token(randomUUID())}`, 403],
    ] as const) {
      const screen = await openScreen(stack.edgeUrl, authorization);
      screens.push(screen);
      expect([authorization, screen.status]).toEqual([authorization, status]);
    }
  });
});

test('an edge that is stopped ends its screens and does not wait for them', async () => {
  const { url, process } = await stack.startEdge({});
  const screen = await openScreen(url, bearer);
  screens.push(screen);
  await screen.hear('card.state');
  const startedAt = Date.now();
  await process.stop();
  // Not until it is killed, which is after half a minute.
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  await until('the screen has ended', () => !screen.isOpen);
});
