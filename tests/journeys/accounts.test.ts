/** People make accounts with e-mail and password, and nobody learns who has one. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONFIRMATION_CODE } from '../../infra/local/cognito/cognito.ts';
import { PASSWORD, signUp, startTestCognito, type TestCognito } from '../cognito.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, problemCode, type Reply, refusal } from './api.ts';

let cognito: TestCognito;
let stack: TestStack;
let anonymous: Api;

beforeAll(async () => {
  cognito = await startTestCognito();
  stack = await startTestStack({
    processes: ['edge'],
    env: { ...cognito.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' },
  });
  anonymous = createApi(stack.edgeUrl, undefined);
});

afterAll(async () => {
  await stack.stop();
  await cognito.stopAndForget();
});

const send = (path: string, json: object): Promise<Reply> =>
  anonymous.post<unknown>(`/v1/public/auth/${path}`, json);

/** Asked for by somebody of no business: 403, or 401 when the token does not hold. */
const JOB = '/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz';

/** What a caller can see of an answer. */
const seen = ({ status, body }: Reply) => ({ status, body: { ...(body as object), requestId: 0 } });

describe('an account', () => {
  test('is registered, confirmed, signed in, refreshed and signed out', async () => {
    const email = 'guest@cafe.example';
    expect(await send('register', { email, password: PASSWORD })).toMatchObject({
      status: 202,
      body: { next: 'confirm' },
    });
    const early = await send('sign-in', { email, password: PASSWORD });
    expect(refusal(early)).toEqual([401, 'sign-in-failed']);
    const confirm = (password: string) =>
      send('confirm', { email, password, code: CONFIRMATION_CODE });
    // A code confirms no account that somebody else began with the address.
    const others = await confirm('the owner of the address');
    expect(refusal(others)).toEqual([422, 'code-rejected']);
    expect(await confirm(PASSWORD)).toMatchObject({ status: 200 });
    expect(await confirm(PASSWORD)).toMatchObject({ status: 200 });

    const { body } = await send('sign-in', { email: 'Guest@Cafe.example', password: PASSWORD });
    const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
    const refreshed = await send('refresh', { refreshToken });
    expect(refreshed).toMatchObject({ status: 200, body: { accessToken: expect.any(String) } });

    const app = createApi(stack.edgeUrl, accessToken);
    const other = createApi(stack.edgeUrl, (refreshed.body as { accessToken: string }).accessToken);
    for (const api of [app, other]) expect(problemCode(await api.get(JOB))).toBe('not-a-member');
    expect(await send('sign-out', { refreshToken, accessToken })).toMatchObject({ status: 200 });
    await until('the token is refused', async () => (await app.get(JOB)).status === 401);
    // So is what was refreshed from the same sign-in.
    await until('the other token is refused', async () => (await other.get(JOB)).status === 401);
    const late = await send('refresh', { refreshToken });
    expect(refusal(late)).toEqual([401, 'sign-in-failed']);
    expect(await send('sign-out', { refreshToken })).toMatchObject({ status: 200 });
  });

  test('gets a new password with a code, and whoever was signed in is out', async () => {
    const email = 'forgetful@cafe.example';
    const thief = await signUp(stack.edgeUrl, { pool: 'customers', email });
    expect((await thief.api.get(JOB)).status).toBe(403);
    expect(await send('forgot-password', { email })).toMatchObject({ status: 202 });
    const password = 'another horse battery';
    const wrong = await send('confirm-forgot-password', { email, code: '000000', password });
    expect(refusal(wrong)).toEqual([422, 'code-rejected']);
    const code = CONFIRMATION_CODE;
    expect(await send('confirm-forgot-password', { email, code, password })).toMatchObject({
      status: 200,
    });
    const again = await send('sign-in', { email, password });
    const { accessToken } = again.body as { accessToken: string };
    expect((await createApi(stack.edgeUrl, accessToken).get(JOB)).status).toBe(403);
    await until('the thief is out', async () => (await thief.api.get(JOB)).status === 401);
    const { refreshToken } = thief;
    const fresh = (await send('refresh', { refreshToken })).body as { accessToken: string };
    const comeback = createApi(stack.edgeUrl, fresh.accessToken);
    // Redis is asked for a moment only: an edge that hears nothing lets people in, for seconds.
    await until('the thief stays out', async () => (await comeback.get(JOB)).status === 401);
    expect(await send('sign-in', { email, password: PASSWORD })).toMatchObject({ status: 401 });
  });

  test('of customers opens nothing for staff, and the other way round', async () => {
    const email = 'both@cafe.example';
    await signUp(stack.edgeUrl, { pool: 'customers', email });
    const refused = await send('sign-in', { pool: 'staff', email, password: PASSWORD });
    expect(refusal(refused)).toEqual([401, 'sign-in-failed']);
  });

  test('needs a password of ten characters', async () => {
    const short = await send('register', { email: 'short@cafe.example', password: '123456789' });
    expect(refusal(short)).toEqual([422, 'validation-failed']);
    expect(short.body).toMatchObject({ errors: [{ pointer: '/password' }] });
  });
});

describe('whether an address has an account does not show in', () => {
  const known = 'known@cafe.example';
  const unknown = 'unknown@cafe.example';

  beforeAll(() => signUp(stack.edgeUrl, { pool: 'customers', email: known }));

  test.each([
    ['sign-in', { password: 'not the password' }],
    ['forgot-password', {}],
    ['confirm', { code: '000000', password: 'not the password' }],
    ['confirm-forgot-password', { code: '000000', password: PASSWORD }],
    ['register', { password: PASSWORD }],
  ])('%s', async (path, fields) => {
    const answers = [
      await send(path, { email: known, ...fields }),
      await send(path, { email: unknown, ...fields }),
    ];
    expect(seen(answers[0]!)).toEqual(seen(answers[1]!));
  });
});

test('apps are told where people sign in, and may keep the answer for a while', async () => {
  const reply = await anonymous.get('/v1/public/auth/config');
  expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
  expect(reply.body).toMatchObject({
    customers: { region: 'eu-west-1', userPoolId: cognito.env['COGNITO_CUSTOMERS_POOL_ID'] },
    staff: { clientId: cognito.env['COGNITO_STAFF_CLIENT_ID'] },
  });
});

test('an address that tries too often is told to wait', async () => {
  const REDIS_PREFIX = `${stack.redis.prefix}-limits`;
  const { url } = await stack.startEdge({ ADDRESS_REQUESTS_PER_MINUTE: '5', REDIS_PREFIX });
  const statuses = [];
  for (let i = 0; i < 6; i += 1) {
    const body = JSON.stringify({ email: `a${i}@cafe.example`, password: 'not the password' });
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': `10.0.0.${i}` };
    const path = '/v1/public/auth/sign-in';
    statuses.push((await fetch(url + path, { method: 'POST', headers, body })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
});

test('an account that many try is closed for a while, to whoever asks; others are not', async () => {
  const REDIS_PREFIX = `${stack.redis.prefix}-accounts`;
  const { url } = await stack.startEdge({ ADDRESS_REQUESTS_PER_MINUTE: '1000', REDIS_PREFIX });
  const api = createApi(url, undefined);
  const signIn = async (email: string, pool = {}) => {
    const body = { ...pool, email, password: 'not the password' };
    return (await api.post<unknown>('/v1/public/auth/sign-in', body)).status;
  };
  const statuses = [];
  for (let i = 0; i < 11; i += 1) {
    statuses.push(await (i % 2 ? signIn('a@b.pt') : signIn('A@b.pt', { pool: 'customers' })));
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  expect(await signIn('c@b.pt')).toBe(401);
});

test('with Cognito away people are told to come back, and passwords are in no log', async () => {
  const gone = await stack.startEdge({ COGNITO_ENDPOINT: 'http://127.0.0.1:9' });
  const away = createApi(gone.url, undefined);
  const reply = await away.post<unknown>('/v1/public/auth/sign-in', {
    email: 'guest@cafe.example',
    password: PASSWORD,
  });
  expect(refusal(reply)).toEqual([503, 'unavailable']);
  await stack.stopProcesses();
  expect(stack.logs()).not.toMatch(/correct horse|cafe\.example/);
});
