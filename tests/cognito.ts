import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIRMATION_CODE, startCognito } from '../infra/local/cognito/cognito.ts';
import { type Api, createApi } from './journeys/api.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';

export type TestCognito = StandInHandle & { stopAndForget(): Promise<void> };

/** A Cognito of its own for one test file: about two seconds, so only for those that sign in. */
export async function startTestCognito(over: { sesEndpoint?: string } = {}): Promise<TestCognito> {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-cognito-'));
  const cognito = await startCognito({ dataDir, ...over });
  return Object.assign(cognito, {
    async stopAndForget() {
      await cognito.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

export const PASSWORD = 'correct horse battery';

/** Somebody new, as an app would do it: an account, confirmed and signed in. */
export async function signUp(
  edgeUrl: string,
  account: { readonly pool: 'customers' | 'staff'; readonly email: string },
): Promise<{ api: Api; accessToken: string; refreshToken: string }> {
  const anonymous = createApi(edgeUrl, undefined);
  const { pool, email } = account;
  const send = (path: string, json: object) =>
    anonymous.post<unknown>(`/v1/public/auth/${path}`, json);
  await send('register', { pool, email, password: PASSWORD });
  await send('confirm', { pool, email, password: PASSWORD, code: CONFIRMATION_CODE });
  const { status, body } = await send('sign-in', { pool, email, password: PASSWORD });
  if (status !== 200) throw new Error(`${email} cannot sign in: ${status} ${JSON.stringify(body)}`);
  const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
  return { api: createApi(edgeUrl, accessToken), accessToken, refreshToken };
}
