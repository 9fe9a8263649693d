/** Customers claim rewards with their points, and use them at tills. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { addApiKey } from '../../infra/local/seed-business.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, type Reply, toItsEnd, withKey, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

type Reward = { id: string; code: string; status: string; expiresAt: string | null };
type Claimed = { reward: Reward; balance: string };

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker', 'worker', 'relay'] });
  shop = await openShop(stack.database.ownerUrl, {
    programs: [{ ...POINTS, definition: { ...POINTS.definition, pointValueMinor: '2' } }, STAMPS],
    customers: Array.from({ length: 41 }, () => ({ program: 'Points' })),
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  try {
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
  }
});

/** A key of another till system of the same shop. */
async function stackKey(integration: string): Promise<string> {
  const client = new Client({ connectionString: stack.database.ownerUrl });
  await client.connect();
  try {
    return await addApiKey(client, shop.businessId, { integration, name: integration });
  } finally {
    await client.end();
  }
}

const DEFINITIONS = '/v1/admin/reward-definitions';
const answer = (reply: Reply) => (reply.status < 400 ? [reply.status] : refusal(reply));

async function give(card: number, points: string): Promise<void> {
  const path = `/v1/admin/cards/${shop.cards[card]!.id}/adjustments`;
  const given = await api.post(path, { amount: points, reason: 'For the test' }, withKey());
  expect(given.status).toBe(201);
}

/** A coffee for ten points that customers can claim. */
async function offer(terms: object = {}): Promise<string> {
  const coffee = {
    programId: shop.programs[0]!.id,
    name: 'Coffee',
    cost: '10',
    benefit: { kind: 'freeItem', description: 'Any coffee' },
    ...terms,
  };
  const added = await api.post<{ id: string }>(DEFINITIONS, coffee, withKey());
  expect(added).toMatchObject({ status: 201, body: { status: 'draft', revision: 1 } });
  const path = `${DEFINITIONS}/${added.body.id}/publish`;
  const live = await api.send('POST', path, { headers: { 'If-Match': '"1"' } });
  expect(live).toMatchObject({ status: 200, body: { status: 'live', revision: 2 } });
  return added.body.id;
}

const claim = (card: number, definitionId: string, over: object = {}, key = withKey()) =>
  toItsEnd(api, () =>
    api.post<Claimed>(
      `/v1/admin/cards/${shop.cards[card]!.id}/rewards`,
      { definitionId, ...over },
      key,
    ),
  );

async function claimed(card: number, definitionId: string): Promise<Reward> {
  const { status, body } = await claim(card, definitionId);
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.reward;
}

type Visited = { reward: Reward };
const visit = (what: string, code: string, over: object = {}, till: Api = api) => {
  const body = { storeId: shop.storeIds[0], externalId: randomUUID(), ...over };
  const path = `/v1/pos/rewards/${code}/${what}`;
  return toItsEnd(till, () => till.post<Visited>(path, body, { Prefer: 'wait=10' }));
};

describe('a claim', () => {
  test('spends the points, once per key, and the reward is there for the till', async () => {
    await give(0, '25');
    const definition = await offer({ validForDays: 30 });
    const key = withKey();
    const first = await claim(0, definition, {}, key);
    const again = await claim(0, definition, {}, key);
    expect(first).toMatchObject({ status: 201, body: { balance: '15' } });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(answer(await claim(0, await offer(), {}, key))).toEqual([422, 'idempotency-key-reused']);

    const { code } = first.body.reward;
    const scanned = await api.get<Visited>(`/v1/pos/rewards/${code}`);
    expect(scanned.body.reward).toEqual(first.body.reward);
    const lookup = await api.get<{ rewards: object[]; claimable: object[] }>(
      `/v1/pos/customers/lookup?cardCode=${shop.cards[0]!.code}`,
    );
    expect(lookup.body.rewards).toMatchObject([{ code }]);
    expect(lookup.body.claimable).toContainEqual(
      expect.objectContaining({ definitionId: definition, affordable: true, cost: '10' }),
    );
    expect(answer(await claim(0, definition))).toEqual([201]);
    expect(answer(await claim(0, definition))).toEqual([422, 'insufficient-balance']);
  });

  test('of the last pieces, by many customers at once, gives away exactly those', async () => {
    const definition = await offer({ cost: '0', stock: 3 });
    const tries = Array.from({ length: 100 }, (_, i) => claim(i % 40, definition));
    const answers = (await Promise.all(tries)).map(answer);
    expect(answers.filter(([status]) => status === 201)).toHaveLength(3);
    expect(answers.filter(([, code]) => code === 'out-of-stock')).toHaveLength(97);
    const { body } = await api.get(`${DEFINITIONS}/${definition}`);
    expect(body).toMatchObject({ stock: 3, stockLeft: 0, revision: 2 });
  });

  test('of the same reward, many at once, stops at the limit for each customer', async () => {
    const definition = await offer({ cost: '0', limitPerCustomer: 2 });
    const tries = Array.from({ length: 20 }, () => claim(1, definition));
    const answers = (await Promise.all(tries)).map(answer);
    expect(answers.filter(([status]) => status === 201)).toHaveLength(2);
    expect(answers.filter(([, code]) => code === 'reward-limit-reached')).toHaveLength(18);
  });

  test('is for cards and rewards of this business and program', async () => {
    const definition = await offer({ cost: '0' });
    const other = await openShop(stack.database.ownerUrl);
    const path = `/v1/admin/cards/${other.cards[0]!.id}/rewards`;
    const foreign = await api.post(path, { definitionId: definition }, withKey());
    expect(answer(foreign)).toEqual([422, 'unknown-card']);
    const theirs = createApi(stack.edgeUrl, other.apiKey);
    const mine = await theirs.post(path, { definitionId: definition }, withKey());
    expect(answer(mine)).toEqual([422, 'unknown-reward-definition']);
    expect((await theirs.get(path.replace(other.cards[0]!.id, shop.cards[0]!.id))).status).toBe(
      404,
    );
    const stamps = await offer({ cost: '0', programId: shop.programs[1]!.id });
    expect(answer(await claim(1, stamps))).toEqual([422, 'unknown-reward-definition']);
  });
});

describe('a reward at the till', () => {
  test('is redeemed by one of 100 tries, and the others are told who was first', async () => {
    const reward = await claimed(2, await offer({ cost: '0' }));
    const tries = Array.from({ length: 100 }, () => visit('redeem', reward.code));
    const replies = await Promise.all(tries);
    const won = replies.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(won[0]!.body).toMatchObject({ reward: { id: reward.id, status: 'redeemed' } });
    for (const lost of replies.filter((reply) => !won.includes(reply))) {
      expect(answer(lost)).toEqual([409, 'reward-already-redeemed']);
      expect(lost.body).toMatchObject({
        detail: expect.stringMatching(/^Redeemed at .* in Baixa by integration:pos\.$/),
      });
    }
  });

  test('is one redemption however often it is sent, by the till’s own id or by a key', async () => {
    const reward = await claimed(2, await offer({ cost: '0' }));
    const externalId = randomUUID();
    const first = await visit('redeem', reward.code, { externalId });
    const again = await visit('redeem', reward.code, { externalId });
    expect([first.status, again.status, again.body]).toEqual([200, 200, first.body]);
    const other = await claimed(2, await offer({ cost: '0' }));
    expect(answer(await visit('redeem', other.code, { externalId }))).toEqual([
      422,
      'idempotency-key-reused',
    ]);
    const noKey = await visit('redeem', other.code, { externalId: undefined });
    expect(answer(noKey)).toEqual([400, 'malformed-header']);
  });

  test('is held for who reserved it, hidden meanwhile, and free when they cancel', async () => {
    const reward = await claimed(3, await offer({ cost: '0' }));
    const kiosk = createApi(stack.edgeUrl, await stackKey('kiosk'));
    const rewardsOf = async () => {
      const path = `/v1/pos/customers/lookup?cardCode=${shop.cards[3]!.code}`;
      return (await api.get<{ rewards: Reward[] }>(path)).body.rewards.map(({ code }) => code);
    };
    expect(await visit('reserve', reward.code)).toMatchObject({
      body: { reward: { status: 'reserved' } },
    });
    // A till may see a card as it was for a moment.
    await until('it is hidden', async () => !(await rewardsOf()).includes(reward.code));
    const early = await visit('redeem', reward.code, {}, kiosk);
    expect(answer(early)).toEqual([409, 'reward-reserved']);
    expect(answer(await visit('cancel', reward.code, {}, kiosk))).toEqual([409, 'reward-reserved']);
    expect(await visit('cancel', reward.code)).toMatchObject({
      body: { reward: { status: 'available' } },
    });
    await until('it is shown again', async () => (await rewardsOf()).includes(reward.code));
    expect(answer(await visit('cancel', reward.code))).toEqual([409, 'reward-not-reserved']);
    expect(await visit('redeem', reward.code, {}, kiosk)).toMatchObject({ status: 200 });
  });

  test('that was redeemed by mistake comes back as a new one, once', async () => {
    await give(4, '10');
    const reward = await claimed(4, await offer());
    expect(answer(await visit('reverse', reward.code))).toEqual([409, 'reward-not-redeemed']);
    await visit('redeem', reward.code);
    const replies = await Promise.all([1, 2, 3].map(() => visit('reverse', reward.code)));
    expect(replies.map(answer)).toEqual(expect.arrayContaining([[200], [409, 'reward-reversed']]));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const back = replies.find(({ status }) => status === 200)!.body.reward;
    expect(back).toMatchObject({ status: 'available', name: 'Coffee', cost: '10' });
    expect(answer(await visit('redeem', reward.code))).toEqual([409, 'reward-reversed']);
    expect(answer(await visit('redeem', back.code))).toEqual([200]);
  });

  test('is not found, foreign or unknown alike, and only at stores of the key', async () => {
    const reward = await claimed(5, await offer({ cost: '0' }));
    const other = await openShop(stack.database.ownerUrl);
    const foreign = createApi(stack.edgeUrl, other.apiKey);
    const there = { storeId: other.storeIds[0] };
    for (const code of [reward.code, 'a-code-nobody-has']) {
      const tried = await visit('redeem', code, there, foreign);
      expect(answer(tried)).toEqual([404, 'reward-not-found']);
      expect((await foreign.get(`/v1/pos/rewards/${code}`)).status).toBe(404);
    }
    expect(answer(await visit('redeem', reward.code, there))).toEqual([422, 'unknown-store']);
  });
});

describe('a sale paid with points', () => {
  const paying = (amount: number, card = 11) =>
    shop.sale({
      customer: { cardCode: shop.cards[card]!.code },
      tenders: [
        { kind: 'points', amount },
        { kind: 'cash', amount: 1_000 - amount },
      ],
    });

  test('spends them before it earns on the rest, as the preview says', async () => {
    await give(11, '300');
    const sale = paying(400);
    const spent = { amount: '200', balance: '100', text: '200 points paid for 4.00 EUR' };
    const preview = await api.post('/v1/pos/transactions/preview', sale);
    expect(preview).toMatchObject({ status: 200, body: { transaction: { pointsSpent: spent } } });
    const recorded = await api.record(sale);
    expect(recorded).toMatchObject({ pointsSpent: spent });
    expect(recorded.cards[0]).toMatchObject({ earned: '6', balance: '106' });
  });

  test('is declined when they do not suffice, and of many at once no more than suffice go', async () => {
    await give(12, '100');
    const short = await api.postSale(paying(202, 12));
    expect(short).toMatchObject({
      status: 'declined',
      problem: { type: expect.stringMatching(/insufficient-balance$/) },
    });
    const jobs = await Promise.all(
      Array.from({ length: 10 }, () =>
        api.postSale({ ...paying(80, 12), total: 80, tenders: [{ kind: 'points', amount: 80 }] }),
      ),
    );
    expect(jobs.filter(({ status }) => status === 'completed')).toHaveLength(2);
    expect(jobs.filter(({ status }) => status === 'declined')).toHaveLength(8);
  });
});

describe('a sale that names a reward', () => {
  const naming = (voucherCode: string, card = 9) =>
    shop.sale({
      customer: { cardCode: shop.cards[card]!.code },
      discounts: [{ amount: 100, voucherCode }],
    });
  const vouchersOf = (sale: Awaited<ReturnType<Api['record']>>) => sale.vouchers;

  test('uses it up in the same commit, whoever it belongs to', async () => {
    await give(9, '10');
    const reward = await claimed(9, await offer());
    const preview = await api.post('/v1/pos/transactions/preview', naming(reward.code, 10));
    expect(preview.body).toMatchObject({
      transaction: { vouchers: [{ voucherCode: reward.code, used: true, rewardId: reward.id }] },
    });
    const sale = await api.record(naming(reward.code, 10));
    expect(vouchersOf(sale)).toEqual([
      { voucherCode: reward.code, used: true, rewardId: reward.id },
    ]);
    const { body } = await api.get<Visited>(`/v1/pos/rewards/${reward.code}`);
    expect(body.reward).toMatchObject({ status: 'redeemed' });
    const back = await visit('reverse', reward.code);
    expect(back).toMatchObject({ status: 200, body: { reward: { status: 'available' } } });
  });

  test('is recorded even when the reward cannot be used, and says why; of many one uses it', async () => {
    const reward = await claimed(9, await offer({ cost: '0' }));
    const sales = Array.from({ length: 30 }, (_, i) => api.record(naming(reward.code, i)));
    const uses = (await Promise.all(sales)).flatMap((sale) => vouchersOf(sale) ?? []);
    expect(uses.filter(({ used }) => used)).toHaveLength(1);
    expect(uses.filter(({ code }) => code === 'reward-already-redeemed')).toHaveLength(29);
    const unknown = await api.record(naming('a-code-nobody-has'));
    expect(vouchersOf(unknown)).toMatchObject([{ used: false, code: 'reward-not-found' }]);
    expect(unknown.cards[0]).toMatchObject({ earned: '10' });
  });
});

test('a card lists its rewards a page at a time, by the status they have now', async () => {
  const definition = await offer({ cost: '0' });
  const rewards = [
    // Not one of the 40 that race for the last item: any of them may have won it.
    await claimed(40, definition),
    await claimed(40, definition),
    await claimed(40, definition),
  ];
  await visit('redeem', rewards[1]!.code);
  const path = `/v1/admin/cards/${shop.cards[40]!.id}/rewards`;
  type Page = { data: Reward[]; nextCursor: string | null };
  const idsOf = (page: Reply<Page>) => page.body.data.map(({ id }) => id);
  const first = await api.get<Page>(`${path}?limit=2`);
  const second = await api.get<Page>(`${path}?limit=2&cursor=${first.body.nextCursor}`);
  expect([...idsOf(first), ...idsOf(second)]).toEqual(rewards.map(({ id }) => id));
  expect(second.body.nextCursor).toBeNull();
  expect(idsOf(await api.get<Page>(`${path}?status=redeemed`))).toEqual([rewards[1]!.id]);
  expect(idsOf(await api.get<Page>(`${path}?status=available`))).toHaveLength(2);
});

test('a reward on offer is drafted, published, paused, edited and ended by who saw it last', async () => {
  const definition = await offer({ cost: '0', stock: 5, limitPerCustomer: 1 });
  const path = `${DEFINITIONS}/${definition}`;
  const send = (method: string, tail: string, revision: number, json?: object) =>
    api.send(method, path + tail, {
      ...(json && { json }),
      headers: { 'If-Match': `"${revision}"` },
    });
  await claimed(7, definition);
  expect(await send('POST', '/pause', 2)).toMatchObject({
    body: { status: 'paused', revision: 3 },
  });
  expect(answer(await claim(8, definition))).toEqual([422, 'reward-not-live']);
  const edited = await send('PATCH', '', 3, { stock: 3, limitPerCustomer: null, name: 'Tea' });
  expect(edited).toMatchObject({ status: 200, body: { name: 'Tea', stock: 3, stockLeft: 2 } });
  expect(edited.body).not.toHaveProperty('limitPerCustomer');
  expect(answer(await send('POST', '/publish', 3))).toEqual([412, 'precondition-failed']);
  expect(answer(await send('POST', '/pause', 4))).toEqual([409, 'wrong-state']);
  expect(answer(await send('POST', '/publish', 4))).toEqual([200]);
  await claimed(7, definition);
  expect(answer(await send('POST', '/end', 5))).toEqual([200]);
  expect(answer(await send('PATCH', '', 6, { name: 'Cake' }))).toEqual([409, 'wrong-state']);
  const unknown = await send('PATCH', '', 6, { storeIds: ['sto_01jd7x0mh8e2rta5p3v0c2k9qz'] });
  expect(answer(unknown)).toEqual([422, 'unknown-store']);
});
