/** The code on a phone changes every half minute, and is good once; the short one is read out. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shortCodeOf } from '../../domain/customers/short-code.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { signUp, startTestCognito, type TestCognito } from '../cognito.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, withKey, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let cognito: TestCognito;
let stack: TestStack;
let shop: Shop;
let till: Api;

beforeAll(async () => {
  cognito = await startTestCognito();
  stack = await startTestStack({ env: { ...cognito.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' } });
  shop = await openShop(stack.database.ownerUrl);
  till = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  try {
    await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack.stop();
    await cognito.stopAndForget();
  }
});

const ME = '/v1/customer/me';

const aGuest = (email = `${randomUUID()}@cafe.example`) =>
  signUp(stack.edgeUrl, { pool: 'customers', email });

async function join(guest: Api): Promise<void> {
  const json = { businessId: shop.businessId };
  expect(await guest.send('PUT', ME, { json })).toMatchObject({ status: 200 });
}

async function openCard(guest: Api): Promise<{ id: string }> {
  const body = { programId: shop.programs[0]!.id };
  const opened = await guest.post<{ card: { id: string } }>(`${ME}/cards`, body, withKey());
  expect(opened).toMatchObject({ status: 201 });
  return opened.body.card;
}

describe('a customer', () => {
  type Given = { qr: { key: string; cardCode: string; periodSeconds: number; code: string } };

  /** A phone that was given its key, and makes codes as the documentation says. */
  async function aPhone() {
    const { api: guest } = await aGuest();
    await join(guest);
    const card = await openCard(guest);
    const { body, headers } = await guest.get<Given>(`${ME}/cards/${card.id}/qr`);
    expect(headers.get('cache-control')).toBe('no-store');
    const { key, cardCode, periodSeconds, code } = body.qr;
    const codeAt = (time: number) => {
      const step = Math.floor(time / 1_000 / periodSeconds).toString(36);
      const mac = createHmac('sha256', Buffer.from(key, 'base64url'))
        .update(`${cardCode}.${step}`)
        .digest()
        .subarray(0, 12);
      return `${cardCode}.${step}.${mac.toString('base64url')}`;
    };
    return { card, codeAt, code };
  }

  const saleWith = (qr: string, over: object = {}) => shop.sale({ customer: { qr }, ...over });
  const post = (sale: object, by: Api = till) =>
    by.post('/v1/pos/transactions', sale, { Prefer: 'wait=5' });
  const refusal = async (sale: object, by: Api = till) => {
    const reply = await post(sale, by);
    return refusal(reply);
  };

  test('and is sold to with it, once; sent again the sale is the same', async () => {
    const { code, codeAt } = await aPhone();
    expect([-30_000, 0].map((ms) => codeAt(Date.now() + ms))).toContain(code);
    const sale = saleWith(codeAt(Date.now()));
    const first = await post(sale);
    expect(first).toMatchObject({
      status: 201,
      body: { transaction: { cards: [{ earned: 1 }] } },
    });
    expect((await post(sale)).body).toEqual(first.body);
    const another = { ...sale, externalId: randomUUID() };
    expect(await refusal(another)).toEqual([409, 'code-used']);
  });

  test('of which an old screenshot, a forgery and another shop’s are refused', async () => {
    const { codeAt } = await aPhone();
    const now = Date.now();
    expect(await refusal(saleWith(codeAt(now - 90_000)))).toEqual([422, 'code-expired']);
    expect(await refusal(saleWith(codeAt(now + 90_000)))).toEqual([422, 'code-expired']);
    const genuine = codeAt(now);
    const forged = `${genuine.slice(0, -4)}${genuine.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    expect(await refusal(saleWith(forged))).toEqual([422, 'code-invalid']);
    expect(await refusal(saleWith('not-a-code-of-any-kind'))).toEqual([422, 'code-invalid']);
    const elsewhere = await openShop(stack.database.ownerUrl);
    const stranger = createApi(stack.edgeUrl, elsewhere.apiKey);
    const theirs = { ...elsewhere.sale(), customer: { qr: genuine } };
    expect(await refusal(theirs, stranger)).toEqual([404, 'not-found']);
  });

  test('whose sale an offline till may post later, as of when it was scanned', async () => {
    const { codeAt } = await aPhone();
    const scanned = Date.now() - 3_600_000;
    const occurredAt = new Date(scanned).toISOString();
    const late = await post(saleWith(codeAt(scanned), { occurredAt }));
    expect(late).toMatchObject({
      status: 201,
      body: { transaction: { cards: [{ earned: 1 }] } },
    });
  });

  test('by which a till finds them, and what it looked at it may sell to', async () => {
    const { card, codeAt } = await aPhone();
    const qr = codeAt(Date.now());
    const found = await till.get(`/v1/pos/customers/lookup?qr=${qr}`);
    expect(found).toMatchObject({ status: 200, body: { cards: [{ id: card.id }] } });
    const preview = await till.post('/v1/pos/transactions/preview', saleWith(qr));
    expect(preview).toMatchObject({ body: { transaction: { cards: [{ earned: 1 }] } } });
    expect((await post(saleWith(qr))).status).toBe(201);
  });
});

describe('staff', () => {
  const COUNTER = '/v1/admin/counter';

  async function hire(role: string, email: string): Promise<Api> {
    await stack.database.query(
      `INSERT INTO business.staff (business_id, id, name, email, role) VALUES ($1, $2, $3, $4, $5)`,
      [toUuid(shop.businessId), toUuid(idSource.id('stf')), role, email, role],
    );
    return (await signUp(stack.edgeUrl, { pool: 'staff', email })).api;
  }

  test('scan the code on a phone: the first who does goes on with it, and never with their own', async () => {
    const cashier = await hire('cashier', 'counter@cafe.example');
    const manager = await hire('manager', 'back-office@cafe.example');
    const codeOf = async (guest: Api) => {
      const { id } = await openCard(guest);
      const given = await guest.get<{ qr: { code: string } }>(`${ME}/cards/${id}/qr`);
      return given.body.qr.code;
    };
    const scan = (by: Api, qr: string) => by.post(`${COUNTER}/scan`, { qr });
    const { api: guest } = await aGuest();
    await join(guest);
    const qr = await codeOf(guest);
    expect((await scan(cashier, qr)).status).toBe(200);
    expect((await scan(cashier, qr)).status).toBe(200);
    const replayed = await scan(manager, qr);
    expect(refusal(replayed)).toEqual([409, 'code-used']);

    const { api: self } = await aGuest('back-office@cafe.example');
    await join(self);
    const own = await scan(manager, await codeOf(self));
    expect(refusal(own)).toEqual([403, 'self-award']);
  });

  test('find a card by the short code that its customer reads out, and no other shop’s', async () => {
    const cashier = await hire('cashier', 'reader@cafe.example');
    const { api: guest } = await aGuest();
    await join(guest);
    const { id } = await openCard(guest);
    const own = await guest.get<{ card: { shortCode: string } }>(`${ME}/cards/${id}`);
    const { shortCode } = own.body.card;
    expect(shortCode).toMatch(/^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}$/);

    const typed = shortCode.toLowerCase().replaceAll('-', ' ');
    const scanned = await cashier.post<object>(`${COUNTER}/scan`, {
      shortCode: typed,
    });
    expect(scanned).toMatchObject({ status: 200, body: { cards: [{ id, shortCode }] } });
    const lookUp = `/v1/pos/customers/lookup?shortCode=`;
    expect(await till.get(lookUp + shortCode)).toMatchObject({ body: { cards: [{ id }] } });

    const stranger = await openShop(stack.database.ownerUrl);
    const theirs = shortCodeOf(stranger.cards[0]!.code);
    expect((await till.get(lookUp + theirs)).status).toBe(404);
    expect((await cashier.post(`${COUNTER}/scan`, { shortCode: theirs })).status).toBe(404);
  });
});
