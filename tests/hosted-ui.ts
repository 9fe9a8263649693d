import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customersPool, staffPool } from '../infra/local/cognito/pools.ts';
import { startHostedUi } from '../infra/local/hosted-ui/hosted-ui.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';

export type TestHostedUi = StandInHandle & { stopAndForget(): Promise<void> };

/** Where a test that follows links by itself is sent back to: nobody listens there. */
export const NOWHERE = 'http://127.0.0.1:9/';

/** Hosted pages of its own for one test file. */
export async function startTestHostedUi(options: {
  readonly cognitoUrl: string;
  readonly redirectUris?: readonly string[];
}): Promise<TestHostedUi> {
  const { cognitoUrl, redirectUris = [NOWHERE] } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-hosted-ui-'));
  const pages = await startHostedUi({ dataDir, cognitoUrl, redirectUris });
  return Object.assign(pages, {
    async stopAndForget() {
      await pages.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

/** Somebody as Google or Apple knows them. */
export type Visitor = {
  readonly provider: 'Google' | 'SignInWithApple';
  readonly email: string;
  /** Whether the provider has verified it; default yes. */
  readonly isVerified?: boolean;
  readonly pool?: 'customers' | 'staff';
};

export type SignedIn = {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
};

/** A sign-in that came back with an error instead of a code. */
export class SignInRefusedError extends Error {
  override readonly name = 'SignInRefusedError';
}

/**
 * Signs in with Google or Apple as a browser would, link by link. Who has just been linked begins
 * again, as an app does.
 * @throws SignInRefusedError
 */
export async function signInWith(pagesUrl: string, visitor: Visitor): Promise<SignedIn> {
  const browser = createBrowser(visitor);
  try {
    return await signInOnce(browser, pagesUrl, visitor);
  } catch (error) {
    if (!(error instanceof SignInRefusedError) || !error.message.includes('account-linked')) {
      throw error;
    }
    return signInOnce(browser, pagesUrl, visitor);
  }
}

async function signInOnce(
  browser: ReturnType<typeof createBrowser>,
  pagesUrl: string,
  { provider, pool = 'customers' }: Visitor,
): Promise<SignedIn> {
  const base = `${pagesUrl}/${pool}`;
  const { clientId } = pool === 'customers' ? customersPool : staffPool;
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const start = new URL(`${base}/oauth2/authorize`);
  start.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: NOWHERE,
    response_type: 'code',
    scope: 'openid email profile aws.cognito.signin.user.admin',
    state: 'state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    identity_provider: provider,
  }).toString();
  const back = await browser.go(start);
  const code = back.searchParams.get('code');
  if (code === null) throw new SignInRefusedError(back.searchParams.get('error_description') ?? '');
  const answer = await fetch(`${base}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: NOWHERE,
      code,
      code_verifier: verifier,
    }),
  });
  const tokens = (await answer.json()) as Record<string, string>;
  if (!answer.ok) throw new Error(JSON.stringify(tokens));
  return {
    accessToken: tokens['access_token'] ?? '',
    idToken: tokens['id_token'] ?? '',
    refreshToken: tokens['refresh_token'] ?? '',
  };
}

/** Follows redirects, keeps cookies, and fills in the one form that it meets. */
function createBrowser({ email, isVerified = true }: Visitor) {
  const cookies = new Map<string, string>();

  async function ask(url: URL, body?: URLSearchParams): Promise<Response> {
    const sent = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: sent },
      ...(body && { method: 'POST', body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  return {
    /** @returns the address of the app that it is sent back to */
    async go(start: URL): Promise<URL> {
      let url = start;
      let answer = await ask(url);
      for (let hop = 0; hop < 20; hop += 1) {
        const location = answer.headers.get('location');
        if (location !== null) {
          url = new URL(location, url);
          if (url.href.startsWith(NOWHERE)) return url;
          answer = await ask(url);
        } else if (answer.ok) {
          const form = { email, name: 'A guest', ...(isVerified && { verified: 'on' }) };
          answer = await ask(url, new URLSearchParams(form));
        } else {
          throw new Error(`${url.href} answered ${answer.status}: ${await answer.text()}`);
        }
      }
      throw new Error(`${start.href} leads nowhere`);
    },
  };
}
