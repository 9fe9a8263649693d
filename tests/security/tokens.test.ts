/** Which access tokens open the door, and which only look as if they did. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatApiKey } from '../../domain/tenancy/api-key.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { type Api, createApi, problemCode, type Reply } from '../journeys/api.ts';
import { openShop, type Shop } from '../journeys/shop.ts';

const JOB = '/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz';
const nowSeconds = () => Math.floor(Date.now() / 1_000);

let issuer: TokenIssuer;
let stack: TestStack;
let shop: Shop;
let anonymous: Api;

beforeAll(async () => {
  issuer = await startTokenIssuer();
  const limits = { ADDRESS_REQUESTS_PER_MINUTE: '10000', PERSON_REQUESTS_PER_MINUTE: '100000' };
  const env = { ...issuer.env, ...limits };
  stack = await startTestStack({ processes: ['edge'], env });
  shop = await openShop(stack.database.ownerUrl);
  anonymous = createApi(stack.edgeUrl, undefined);
});

afterAll(async () => {
  await stack?.stop();
  await issuer?.stop();
});

/** Somebody who is a customer of the shop, or of several. */
async function aMember(...shops: readonly Shop[]): Promise<string> {
  const subject = randomUUID();
  for (const { businessId, cards } of shops) {
    await stack.database.query(
      'INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)',
      [toUuid(businessId), subject, toUuid(cards[0]!.customerId)],
    );
  }
  return subject;
}

function ask(token: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return anonymous.get(JOB, { Authorization: `Bearer ${token}`, ...headers });
}

/** A member may ask for a job; that there is none says that the token was believed. */
async function expectBelieved(reply: Reply): Promise<void> {
  expect([reply.status, problemCode(reply)]).toEqual([404, 'not-found']);
}

test('an access token of the customers’ pool opens what customers may see', async () => {
  await expectBelieved(await ask(issuer.token(await aMember(shop))));
});

describe('is answered 401: a token', () => {
  test.each<[string, (subject: string) => string]>([
    ['that nobody signed (alg none)', (subject) => issuer.unsignedToken(subject)],
    ['signed with the public key as a secret (HS256)', (subject) => issuer.confusedToken(subject)],
    ['signed by somebody else', (subject) => issuer.token(subject, { forged: true })],
    ['that has expired', (s) => issuer.token(s, { claims: { exp: nowSeconds() - 1 } })],
    ['not yet valid', (s) => issuer.token(s, { claims: { nbf: nowSeconds() + 600 } })],
    [
      'of another pool',
      (s) => {
        const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Strangers';
        return issuer.token(s, { claims: { iss } });
      },
    ],
    ['for another client', (s) => issuer.token(s, { claims: { client_id: 'another' } })],
    [
      'for the other pool’s client',
      (s) => issuer.token(s, { claims: { client_id: 'staffclient' } }),
    ],
    [
      'that is an ID token',
      (s) => issuer.token(s, { claims: { token_use: 'id', aud: 'customersclient' } }),
    ],
    [
      'that brings its own keys (jku)',
      (s) => issuer.token(s, { forged: true, header: { jku: issuer.url } }),
    ],
    ['without its signature', (s) => issuer.token(s).split('.').slice(0, 2).join('.')],
    ['cut short', (s) => issuer.token(s).slice(0, -10)],
    ['that is no JSON', () => 'a.b.c'],
    ['too long to be one', (s) => `${issuer.token(s)}${'x'.repeat(8_192)}`],
  ])('%s', async (_, make) => {
    const reply = await ask(make(await aMember(shop)));
    expect([reply.status, problemCode(reply)]).toEqual([401, 'unauthenticated']);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  });
});

test('a thousand tokens with unknown keys fetch the published keys once in ten seconds at most', async () => {
  await ask(issuer.token(await aMember(shop)));
  const before = issuer.keyFetches();
  const startedAt = Date.now();
  const subject = randomUUID();
  const tokens = Array.from({ length: 1_000 }, (_, i) =>
    issuer.token(subject, { forged: true, header: { kid: `unknown-${i}` } }),
  );
  const statuses = new Set<number>();
  for (let i = 0; i < tokens.length; i += 50) {
    const replies = await Promise.all(tokens.slice(i, i + 50).map((token) => ask(token)));
    for (const reply of replies) statuses.add(reply.status);
  }
  expect([...statuses]).toEqual([401]);
  const tenSeconds = Math.floor((Date.now() - startedAt) / 10_000);
  expect(issuer.keyFetches() - before).toBeLessThanOrEqual(1 + tenSeconds);
  await expectBelieved(await ask(issuer.token(await aMember(shop))));
});

test('a token that was believed is refused from the moment it expires', async () => {
  const subject = await aMember(shop);
  const exp = nowSeconds() + 6;
  const token = issuer.token(subject, { claims: { exp } });
  await expectBelieved(await ask(token));
  for (;;) {
    const askedAt = Date.now();
    const reply = await ask(token);
    if (reply.status === 401) break;
    await expectBelieved(reply);
    // However late the answer came: what was asked when it had expired was not believed.
    expect(askedAt).toBeLessThan(exp * 1_000);
  }
  expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
});

describe('is answered 400:', () => {
  test.each([
    ['a token and a key', { 'X-Api-Key': formatApiKey('0123456789abcdef'.repeat(3)) }, ''],
    ['a token in the query', {}, '?access_token=abc'],
  ])('%s', async (_, headers, query) => {
    const token = issuer.token(await aMember(shop));
    const reply = await anonymous.get(`${JOB}${query}`, {
      Authorization: `Bearer ${token}`,
      ...headers,
    });
    expect([reply.status, problemCode(reply)]).toEqual([
      400,
      query ? 'malformed-query' : 'malformed-header',
    ]);
  });

  test('two Authorization headers, a key in one and a token in the other', async () => {
    const token = issuer.token(await aMember(shop));
    const Authorization = `Bearer ${shop.apiKey}, Bearer ${token}`;
    const reply = await anonymous.get(JOB, { Authorization });
    expect([reply.status, problemCode(reply)]).toEqual([400, 'malformed-header']);
  });
});

describe('somebody whom', () => {
  test('no business knows is told to join one', async () => {
    const reply = await ask(issuer.token(randomUUID()));
    expect([reply.status, problemCode(reply)]).toEqual([403, 'not-a-member']);
    expect(JSON.stringify(reply.body)).toContain('PUT /v1/customer/me');
  });

  test('two businesses know says which is meant, and is told which there are', async () => {
    const other = await openShop(stack.database.ownerUrl);
    const token = issuer.token(await aMember(shop, other));
    const unclear = await ask(token);
    expect([unclear.status, problemCode(unclear)]).toEqual([400, 'business-required']);
    for (const { businessId } of [shop, other]) {
      expect(JSON.stringify(unclear.body)).toContain(businessId);
      await expectBelieved(await ask(token, { 'Regulars-Business': businessId }));
    }
  });

  test('another business knows is no member of this one', async () => {
    const other = await openShop(stack.database.ownerUrl);
    const token = issuer.token(await aMember(other));
    const reply = await ask(token, { 'Regulars-Business': shop.businessId });
    expect([reply.status, problemCode(reply)]).toEqual([403, 'not-a-member']);
    const malformed = await ask(token, { 'Regulars-Business': 'café' });
    expect([malformed.status, problemCode(malformed)]).toEqual([400, 'malformed-header']);
  });

  test('the shop knows as a customer is refused at the till and in the office', async () => {
    const headers = { Authorization: `Bearer ${issuer.token(await aMember(shop))}` };
    for (const reply of [
      await anonymous.post('/v1/pos/transactions', shop.sale(), headers),
      await anonymous.post(`/v1/admin/cards/${shop.cards[0]!.id}/adjustments`, {}, headers),
    ]) {
      expect([reply.status, problemCode(reply)]).toEqual([403, 'forbidden']);
    }
  });
});

test('nothing that can sign in is kept in Redis or in a log', async () => {
  const token = issuer.token(await aMember(shop));
  await expectBelieved(await ask(token));
  await stack.stopProcesses();
  expect(stack.logs()).not.toContain(token);
  expect(stack.logs()).not.toContain(token.split('.')[2]);
});
