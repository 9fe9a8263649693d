/** People sign in with Google and Apple; one proven address is one person, whatever the order. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { CONFIRMATION_CODE } from '../../infra/local/cognito/cognito.ts';
import { addPerson } from '../../infra/local/cognito/people.ts';
import { customersPool } from '../../infra/local/cognito/pools.ts';
import { PASSWORD, signUp, startTestCognito, type TestCognito } from '../cognito.ts';
import { signInWith, startTestHostedUi, type TestHostedUi, type Visitor } from '../hosted-ui.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { createApi, problemCode, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let cognito: TestCognito;
let pages: TestHostedUi;
let stack: TestStack;
let shop: Shop;

beforeAll(async () => {
  cognito = await startTestCognito();
  pages = await startTestHostedUi({ cognitoUrl: cognito.url });
  stack = await startTestStack({
    env: { ...cognito.env, ...pages.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' },
  });
  shop = await openShop(stack.database.ownerUrl);
});

afterAll(async () => {
  await stack?.stop();
  await pages?.stopAndForget();
  await cognito?.stopAndForget();
});

const anAddress = () => `${randomUUID()}@cafe.example`;

async function arrive(visitor: Visitor) {
  const { accessToken } = await signInWith(pages.url, visitor);
  return createApi(stack.edgeUrl, accessToken);
}

type Arrived = Awaited<ReturnType<typeof arrive>>;

async function join(guest: Arrived): Promise<{ id: string; email: string | null }> {
  type Joined = { customer: { id: string; email: string | null } };
  const json = { businessId: shop.businessId };
  const joined = await guest.send<Joined>('PUT', '/v1/customer/me', { json });
  expect(joined).toMatchObject({ status: 200 });
  return joined.body.customer;
}

const customersWith = (email: string) =>
  stack.database.query('SELECT id FROM customer.customers WHERE email = $1', [email]);

describe('a customer who comes from Google', () => {
  test('finds the stamps that a till wrote down under their address', async () => {
    const email = anAddress();
    const till = createApi(stack.edgeUrl, shop.apiKey);
    await till.record(shop.sale({ customer: { email } }));
    const guest = await arrive({ provider: 'Google', email });
    expect(await join(guest)).toMatchObject({ email });
    const cards = await guest.get('/v1/customer/me/cards');
    expect(cards.body).toMatchObject({ data: [{ balance: 1 }] });
  });

  test.each(['Google', 'SignInWithApple'] as const)(
    'has the account that they made with a password before: %s',
    async (provider) => {
      const email = anAddress();
      const { api } = await signUp(stack.edgeUrl, { pool: 'customers', email });
      const known = await join(api);
      const guest = await arrive({ provider, email });
      expect((await guest.get('/v1/customer/me')).body).toMatchObject({ customer: known });
    },
  );

  test('comes from Apple as the same, and by a password that they set with a code', async () => {
    const email = anAddress();
    const known = await join(await arrive({ provider: 'Google', email }));
    const fromApple = await arrive({ provider: 'SignInWithApple', email });
    expect((await fromApple.get('/v1/customer/me')).body).toMatchObject({ customer: known });

    const anonymous = createApi(stack.edgeUrl, undefined);
    const post = (path: string, json: object) =>
      anonymous.post<unknown>(`/v1/public/auth/${path}`, json);
    const guessed = await post('sign-in', { email, password: PASSWORD });
    expect(problemCode(guessed)).toBe('sign-in-failed');
    await post('forgot-password', { email });
    const code = CONFIRMATION_CODE;
    await post('confirm-forgot-password', { email, code, password: PASSWORD });
    const { body } = await post('sign-in', { email, password: PASSWORD });
    const byPassword = createApi(stack.edgeUrl, (body as { accessToken: string }).accessToken);
    expect((await byPassword.get('/v1/customer/me')).body).toMatchObject({ customer: known });
  });

  test('is one customer, though they arrive a hundred times at once', async () => {
    const email = anAddress();
    const guests = await Promise.all(
      Array.from({ length: 100 }, () => arrive({ provider: 'Google', email })),
    );
    const joined = await Promise.all(guests.map(join));
    expect(new Set(joined.map(({ id }) => id)).size).toBe(1);
    expect(await customersWith(email)).toHaveLength(1);
  });

  test('and at once from Apple and with a password, is one customer', async () => {
    const email = anAddress();
    const { api } = await signUp(stack.edgeUrl, { pool: 'customers', email });
    const guests = await Promise.all([
      arrive({ provider: 'Google', email }),
      arrive({ provider: 'SignInWithApple', email }),
    ]);
    const joined = await Promise.all([api, ...guests].map(join));
    expect(new Set(joined.map(({ id }) => id)).size).toBe(1);
  });
});

describe('who has not proved an address', () => {
  test('does not get the account of whoever has', async () => {
    const email = anAddress();
    const { api: owner } = await signUp(stack.edgeUrl, { pool: 'customers', email });
    const known = await join(owner);
    const thief = await arrive({ provider: 'Google', email, isVerified: false });
    const refused = await thief.get('/v1/customer/me');
    expect(refusal(refused)).toEqual([403, 'not-a-member']);
    expect(await join(thief)).toMatchObject({
      email: null,
      id: expect.not.stringMatching(known.id),
    });
  });

  test('does not get it later either, when the owner comes after them', async () => {
    const email = anAddress();
    const thief = await arrive({ provider: 'SignInWithApple', email, isVerified: false });
    const stranger = await join(thief);
    const owner = await arrive({ provider: 'Google', email });
    expect((await join(owner)).id).not.toBe(stranger.id);
    expect((await thief.get('/v1/customer/me')).body).toMatchObject({
      customer: { id: stranger.id, email: null },
    });
  });

  test('but began an account with it in wait, keeps nothing once the owner has come', async () => {
    const email = anAddress();
    const anonymous = createApi(stack.edgeUrl, undefined);
    const post = (path: string, json: object) =>
      anonymous.post<unknown>(`/v1/public/auth/${path}`, json);
    expect((await post('register', { email, password: PASSWORD })).status).toBe(202);
    const owner = await arrive({ provider: 'Google', email });
    await join(owner);
    const late = await post('confirm', { email, password: PASSWORD, code: CONFIRMATION_CODE });
    expect(problemCode(late)).toBe('code-rejected');
    expect(problemCode(await post('sign-in', { email, password: PASSWORD }))).toBe(
      'sign-in-failed',
    );
  });
});

test('staff who were invited come with Google, and by password as the same', async () => {
  const email = anAddress();
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, name, email, role) VALUES ($1, $2, 'A', $3, 'owner')`,
    [toUuid(shop.businessId), toUuid(idSource.id('stf')), email],
  );
  const fromGoogle = await arrive({ provider: 'Google', email, pool: 'staff' });
  expect((await fromGoogle.get('/v1/admin/business')).status).toBe(200);
  const fromApple = await arrive({ provider: 'SignInWithApple', email, pool: 'staff' });
  expect((await fromApple.get('/v1/admin/business')).status).toBe(200);
  const asCustomer = await arrive({ provider: 'Google', email });
  expect((await asCustomer.get('/v1/admin/business')).status).toBe(403);
});

test('a hundred people sign in with their passwords at once', async () => {
  const emails = Array.from({ length: 100 }, anAddress);
  const pool = customersPool;
  await Promise.all(
    emails.map((email) => addPerson(cognito.url, { pool, email, password: PASSWORD })),
  );
  // Each from an address of their own: one address may not try for so many.
  const { url } = await stack.startEdge({ TRUSTED_PROXY_HOPS: '1' });
  const signIn = (email: string, index: number) =>
    until(`${email} is signed in`, async () => {
      const answer = await fetch(`${url}/v1/public/auth/sign-in`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `10.0.0.${index}` },
        body: JSON.stringify({ email, password: PASSWORD }),
      });
      const told = (await answer.json()) as { accessToken: string };
      // Cognito is waited for three seconds: the last of so many may be asked to come again.
      if (answer.status === 503) return undefined;
      expect(answer.status).toBe(200);
      return told;
    });
  const tokens = await Promise.all(emails.map(signIn));
  const joined = await Promise.all(
    tokens.map(({ accessToken }) => join(createApi(stack.edgeUrl, accessToken))),
  );
  expect(joined.map(({ email }) => email)).toEqual(emails);
  expect(new Set(joined.map(({ id }) => id)).size).toBe(100);
});

test('apps are told where the pages are, and what to ask for', async () => {
  const { body } = await createApi(stack.edgeUrl, undefined).get('/v1/public/auth/config');
  expect(body).toMatchObject({
    customers: {
      domain: `${pages.url}/customers`,
      issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_LocalCust',
      providers: ['Google', 'SignInWithApple'],
      scopes: expect.arrayContaining(['openid', 'email']),
    },
    staff: { domain: `${pages.url}/staff` },
  });
});
