/** Where people are signed in: they see it, and end it from anywhere. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestDynamo, type TestDynamo } from '../dynamo.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { until } from '../until.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

interface Session {
  id: string;
  device: string | null;
  firstSeenAt: string;
  lastSeenAt: string;
  revokedAt: string | null;
  isCurrent: boolean;
}

let issuer: TokenIssuer;
let dynamo: TestDynamo;
let stack: TestStack;
let shop: Shop;
let elsewhere: string;

beforeAll(async () => {
  [issuer, dynamo] = await Promise.all([startTokenIssuer(), startTestDynamo()]);
  // It is asked again and again whether somebody is out.
  const env = { ...issuer.env, ...dynamo.env, PERSON_REQUESTS_PER_MINUTE: '10000' };
  stack = await startTestStack({ processes: ['edge'], env });
  elsewhere = (await stack.startEdge({})).url;
  shop = await openShop(stack.database.ownerUrl);
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([issuer?.stop(), dynamo?.stopAndForget()]);
});

async function aCustomer(): Promise<string> {
  const subject = randomUUID();
  await stack.database.query(
    'INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)',
    [toUuid(shop.businessId), subject, toUuid(shop.cards[0]!.customerId)],
  );
  return subject;
}

const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

/** Somebody on a device of theirs, by a sign-in of a minute ago. */
function signIn(subject: string, over: { device?: string; session?: string; url?: string } = {}) {
  const { device = 'Phone/1.0', session = randomUUID(), url = stack.edgeUrl } = over;
  const claims = { origin_jti: session, auth_time: secondsAgo(60) };
  const api = createApi(url, issuer.token(subject, { claims }));
  const headers = { 'User-Agent': device };
  return {
    session,
    get: (path: string) => api.get<{ data: Session[] }>(path, headers),
    remove: (path: string): ReturnType<Api['send']> => api.send('DELETE', path, { headers }),
  };
}

const MINE = '/v1/customer/me/sessions';

/** The sessions when there are so many: they are noted beside the requests that show them. */
function sessionsOf(device: ReturnType<typeof signIn>, count: number): Promise<Session[]> {
  return until(`${count} sessions are noted`, async () => {
    const { body } = await device.get(MINE);
    return body.data?.length === count ? body.data : undefined;
  });
}

describe('a customer', () => {
  test('sees each device once, by which name and since when, and which is this one', async () => {
    const subject = await aCustomer();
    const session = randomUUID();
    const phone = signIn(subject, { session });
    // A refreshed token is of the same sign-in.
    const refreshed = signIn(subject, { session });
    const laptop = signIn(subject, { device: 'Laptop\u00e9/2', url: elsewhere });
    await Promise.all([phone.get(MINE), refreshed.get(MINE), laptop.get(MINE)]);
    const sessions = await sessionsOf(phone, 2);
    const [mine, other] = [true, false].map((it) => sessions.find((s) => s.isCurrent === it)!);
    expect(mine).toMatchObject({ id: session, device: 'Phone/1.0', revokedAt: null });
    expect(other).toMatchObject({ id: laptop.session, revokedAt: null });
    expect(Date.parse(mine!.firstSeenAt)).toBeLessThanOrEqual(Date.parse(mine!.lastSeenAt));
  });

  test('ends one from another device: its tokens, also new ones, are refused at every edge', async () => {
    const subject = await aCustomer();
    const phone = signIn(subject);
    const lost = signIn(subject, { url: elsewhere });
    expect((await lost.get(MINE)).status).toBe(200);
    await sessionsOf(phone, 2);
    expect((await phone.remove(`${MINE}/${lost.session}`)).status).toBe(204);
    await until('the lost device is refused', async () => (await lost.get(MINE)).status === 401);
    const refreshed = signIn(subject, { session: lost.session });
    expect((await refreshed.get(MINE)).status).toBe(401);
    const sessions = await sessionsOf(phone, 2);
    expect(sessions.find((s) => s.id === lost.session)?.revokedAt).not.toBeNull();
    expect((await phone.get(MINE)).status).toBe(200);
  });

  test('ends all at once, and begins anew by signing in again', async () => {
    const subject = await aCustomer();
    const [phone, never] = [signIn(subject), signIn(subject)];
    await sessionsOf(phone, 1);
    expect((await phone.remove(MINE)).status).toBe(204);
    await until('the phone is refused', async () => (await phone.get(MINE)).status === 401);
    // A session that nobody had noted yet.
    expect((await never.get(MINE)).status).toBe(401);
    const claims = { origin_jti: randomUUID(), auth_time: secondsAgo(-2) };
    const again = createApi(stack.edgeUrl, issuer.token(subject, { claims }));
    expect((await again.get(MINE)).status).toBe(200);
  });

  test('neither sees nor ends what is somebody else’s', async () => {
    const [one, other] = [signIn(await aCustomer()), signIn(await aCustomer())];
    await Promise.all([sessionsOf(one, 1), sessionsOf(other, 1)]);
    for (const id of [other.session, randomUUID()]) {
      const reply = await one.remove(`${MINE}/${id}`);
      expect(refusal(reply)).toEqual([404, 'not-found']);
    }
    expect((await other.get(MINE)).status).toBe(200);
  });

  test('whose session ended stays out when Redis has forgotten that it did', async () => {
    const subject = await aCustomer();
    const [phone, lost] = [signIn(subject), signIn(subject, { url: elsewhere })];
    await lost.get(MINE);
    await sessionsOf(phone, 2);
    await phone.remove(`${MINE}/${lost.session}`);
    const redis = new Redis(stack.redis.url);
    try {
      const keys = await redis.keys(`${stack.redis.prefix}:*`);
      await redis.del(keys);
    } finally {
      redis.disconnect();
    }
    const another = (await stack.startEdge({})).url;
    const back = signIn(subject, { session: lost.session, url: another });
    await until('it is refused', async () => (await back.get(MINE)).status === 401);
  });
});

test('staff have the same under a path of their own', async () => {
  const subject = randomUUID();
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, role)
     VALUES ($1, $2, $3, 'Cashier', 'cashier')`,
    [toUuid(shop.businessId), toUuid(idSource.id('stf')), subject],
  );
  const api = createApi(stack.edgeUrl, issuer.token(subject, { pool: 'staff' }));
  const path = '/v1/admin/me/sessions';
  const [session] = await until('the session is noted', async () => {
    const { body } = await api.get<{ data: Session[] }>(path);
    return body.data.length > 0 ? body.data : undefined;
  });
  expect(session).toMatchObject({ isCurrent: true, revokedAt: null });
  expect((await api.send('DELETE', `${path}/${session!.id}`)).status).toBe(204);
  await until('it is refused', async () => (await api.get(path)).status === 401);
});

test('with DynamoDB away people go on, and are told that the list is not to be had', async () => {
  const { url } = await stack.startEdge({ DYNAMO_ENDPOINT: 'http://127.0.0.1:9' });
  const subject = await aCustomer();
  const phone = signIn(subject, { url });
  expect((await phone.get('/v1/customer/me')).status).toBe(200);
  const reply = await phone.get(MINE);
  expect(refusal(reply)).toEqual([503, 'unavailable']);
});
