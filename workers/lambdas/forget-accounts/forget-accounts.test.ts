/** The function forget-accounts, on the stand-in for Cognito. */
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAccounts } from '../../../infra/cognito/accounts.ts';
import { createPoolAccounts } from '../../../infra/cognito/pool-accounts.ts';
import { type CognitoPools, readPools } from '../../../infra/cognito/pools.ts';
import { CONFIRMATION_CODE as code } from '../../../infra/local/cognito/cognito.ts';
import {
  PASSWORD as password,
  startTestCognito,
  type TestCognito,
} from '../../../tests/cognito.ts';
import { createForgetAccountsHandler, KEPT_MS } from './handler.ts';

let cognito: TestCognito;
let client: sdk.CognitoIdentityProviderClient;
let pools: CognitoPools;

beforeAll(async () => {
  cognito = await startTestCognito();
  pools = readPools(cognito.env)!;
  client = new sdk.CognitoIdentityProviderClient({
    region: 'eu-west-1',
    endpoint: cognito.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterAll(async () => {
  client.destroy();
  await cognito.stopAndForget();
});

test('an account that was begun is forgotten when it cannot be confirmed any more, and no other', async () => {
  const accounts = createAccounts({ pools, endpoint: cognito.url });
  const poolAccounts = createPoolAccounts({ sdk, client });
  const known = async (pool: keyof CognitoPools, email: string) =>
    (await poolAccounts.findByEmail(pools[pool].userPoolId, email)).length;
  const confirmed = { email: 'confirmed@cafe.example', password };
  await accounts.register('customers', confirmed);
  await accounts.confirm('customers', { ...confirmed, code });
  for (const pool of ['customers', 'staff'] as const) {
    await accounts.register(pool, { email: 'begun@cafe.example', password });
  }
  const [{ createdAt } = { createdAt: 0 }] = await poolAccounts.findByEmail(
    pools.staff.userPoolId,
    'begun@cafe.example',
  );
  const forgetAt = (at: number) =>
    createForgetAccountsHandler({
      accounts: poolAccounts,
      userPoolIds: [pools.customers.userPoolId, pools.staff.userPoolId],
      now: () => at,
    })();

  expect(await forgetAt(createdAt + KEPT_MS - 60_000)).toEqual({ forgotten: 0 });
  expect(await forgetAt(createdAt + KEPT_MS + 60_000)).toEqual({ forgotten: 2 });
  expect(await known('customers', 'begun@cafe.example')).toBe(0);
  expect(await known('customers', confirmed.email)).toBe(1);
  expect(await forgetAt(createdAt + KEPT_MS + 60_000)).toEqual({ forgotten: 0 });
  // The address is free again for whoever owns it.
  expect(await accounts.register('staff', { email: 'begun@cafe.example', password })).toEqual({
    kind: 'done',
  });
  expect(await known('staff', 'begun@cafe.example')).toBe(1);
});
