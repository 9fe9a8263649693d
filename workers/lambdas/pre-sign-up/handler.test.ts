import { describe, expect, test } from '@jest/globals';
import type { PoolAccount } from '../../../domain/members/choose-account.ts';
import { createPreSignUpHandler, type PoolAccounts } from './handler.ts';

const email = 'guest@cafe.example';
const POOL = 'eu-west-1_Customers';
const proven: PoolAccount = {
  username: 'known',
  isConfirmed: true,
  isEmailProven: true,
  createdAt: 1,
};

/** A pool in memory, and what was done to it. */
function pool(known: PoolAccount[], over: Partial<PoolAccounts> = {}) {
  const done: string[] = [];
  const accounts: PoolAccounts = {
    findByEmail: async (_pool, asked) => (asked === email ? known : []),
    async begin() {
      known.push({ ...proven, username: 'begun' });
      done.push('begin');
      return 'begun';
    },
    async link(_pool, username, { provider, subject }) {
      done.push(`link ${provider} ${subject} to ${username}`);
    },
    async remove(_pool, username) {
      known.splice(
        known.findIndex((account) => account.username === username),
        1,
      );
      done.push(`remove ${username}`);
    },
    ...over,
  };
  return { done, handle: createPreSignUpHandler({ accounts }) };
}

const arrival = (
  over: { userName?: string; triggerSource?: string; attributes?: object } = {},
) => ({
  triggerSource: over.triggerSource ?? 'PreSignUp_ExternalProvider',
  userPoolId: POOL,
  userName: over.userName ?? 'Google_1234',
  request: { userAttributes: { email, email_verified: 'true', ...over.attributes } },
  response: {},
});

test('whoever proved the address of an account is linked to it, and told to begin again', async () => {
  const { done, handle } = pool([proven]);
  await expect(handle(arrival())).rejects.toThrow('account-linked');
  expect(done).toEqual(['link Google 1234 to known']);
});

test.each([
  ['google_1234', 'link Google 1234 to known'],
  ['SignInWithApple_001.ab_c.2', 'link SignInWithApple 001.ab_c.2 to known'],
  ['signinwithapple_001.abc.2', 'link SignInWithApple 001.abc.2 to known'],
])('a pool may write the provider of %s as it likes', async (userName, linked) => {
  const { done, handle } = pool([proven]);
  await expect(handle(arrival({ userName }))).rejects.toThrow('account-linked');
  expect(done).toEqual([linked]);
});

test('capitals in an address are no matter', async () => {
  const { done, handle } = pool([proven]);
  const attributes = { email: 'Guest@Cafe.example' };
  await expect(handle(arrival({ attributes }))).rejects.toThrow('account-linked');
  expect(done).toHaveLength(1);
});

describe('nothing is done, and the pool goes on as it would', () => {
  test.each<[string, Parameters<typeof arrival>[0]]>([
    ['for who proved nothing', { attributes: { email_verified: 'false' } }],
    ['for who has no address', { attributes: { email: undefined } }],
    ['where the provider does not say', { attributes: { email_verified: undefined } }],
    ['for an address that would have to be quoted', { attributes: { email: 'a"b@cafe.example' } }],
    ['for a provider that we do not know', { userName: 'Elsewhere_1234' }],
    ['for who begins an account with a password', { triggerSource: 'PreSignUp_SignUp' }],
    ['for whom an administrator adds', { triggerSource: 'PreSignUp_AdminCreateUser' }],
  ])('%s', async (_who, over) => {
    const { done, handle } = pool([proven]);
    const event = arrival(over);
    expect(await handle(event)).toBe(event);
    expect(done).toEqual([]);
  });
});

test('an account that nobody proved gives way to a new one', async () => {
  const waiting = { ...proven, username: 'waiting', isConfirmed: false, isEmailProven: false };
  const { done, handle } = pool([waiting]);
  await expect(handle(arrival())).rejects.toThrow('account-linked');
  expect(done).toEqual(['remove waiting', 'begin', 'link Google 1234 to begun']);
});

test('whoever is a moment late is linked to what the first one began', async () => {
  const known: PoolAccount[] = [];
  const { done, handle } = pool(known, {
    async begin() {
      known.push(proven);
      return undefined;
    },
  });
  await expect(handle(arrival())).rejects.toThrow('account-linked');
  expect(done).toEqual(['link Google 1234 to known']);
});

test('an address that is always taken and never found is tried a few times, and no more', async () => {
  let tries = 0;
  const { handle } = pool([], {
    async begin() {
      tries += 1;
      return undefined;
    },
  });
  await expect(handle(arrival())).rejects.toThrow('being taken');
  expect(tries).toBe(5);
});
