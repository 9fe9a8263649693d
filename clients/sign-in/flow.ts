import * as openid from 'openid-client';
import type { SignInPool } from './api.ts';

/** What must be known again when somebody comes back from the hosted pages. */
interface Journey {
  state: string;
  nonce: string;
  verifier: string;
  /** Undefined for a password. */
  provider: string | undefined;
  /** The address that they set out from, with the business and the program in it. */
  from: string;
  isSecond: boolean;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
}

/** Whoever comes back brings tokens, or has to be sent off once more. */
export type Return = { kind: 'signed-in'; tokens: Tokens } | { kind: 'again'; provider?: string };

/** Somebody came back otherwise than they were sent. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

const KEPT_AS = 'regulars-sign-in';
/** What the pool says of somebody whom it has just given the account that they had. */
const LINKED = 'account-linked';

/**
 * Authorization code with PKCE (RFC 7636), by the library of the field. What is kept between leaving
 * and coming back is this tab's alone; tokens are never kept.
 * @param home this page, as the pool knows it
 */
export function createFlow(pool: SignInPool, home: string) {
  const { domain, issuer, clientId, scopes } = pool;
  const config = new openid.Configuration(
    {
      issuer,
      authorization_endpoint: `${domain}/oauth2/authorize`,
      token_endpoint: `${domain}/oauth2/token`,
    },
    clientId,
    undefined,
    openid.None(),
  );
  // Only a stand-in on the same machine is spoken to in the clear.
  if (new URL(home).protocol === 'http:') openid.allowInsecureRequests(config);

  return {
    /** Where to send somebody, who is remembered until they come back. */
    async leave(provider: string | undefined, { isSecond = false } = {}): Promise<string> {
      const journey: Journey = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
        provider,
        from: location.search,
        isSecond,
      };
      sessionStorage.setItem(KEPT_AS, JSON.stringify(journey));
      return openid.buildAuthorizationUrl(config, {
        redirect_uri: home,
        scope: scopes.join(' '),
        state: journey.state,
        nonce: journey.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(journey.verifier),
        code_challenge_method: 'S256',
        ...(provider !== undefined && { identity_provider: provider }),
      }).href;
    },

    /**
     * Turns what somebody came back with into tokens. The address is put back as it was before they
     * left, without the code.
     * @throws SignInError when they were not sent from here, or came back with less than they should
     */
    async comeBack(here: URL): Promise<Return> {
      const kept = sessionStorage.getItem(KEPT_AS);
      sessionStorage.removeItem(KEPT_AS);
      const journey = kept === null ? undefined : (JSON.parse(kept) as Journey);
      history.replaceState(null, '', home + (journey?.from ?? ''));
      if (journey === undefined || here.searchParams.get('state') !== journey.state) {
        throw new SignInError('This sign-in was not begun here. Begin again.');
      }
      const told = here.searchParams.get('error_description') ?? '';
      if (told.includes(LINKED) && !journey.isSecond) {
        const { provider } = journey;
        return { kind: 'again', ...(provider !== undefined && { provider }) };
      }
      try {
        const tokens = await openid.authorizationCodeGrant(config, here, {
          expectedState: journey.state,
          expectedNonce: journey.nonce,
          pkceCodeVerifier: journey.verifier,
          idTokenExpected: true,
        });
        const { access_token: accessToken, refresh_token: refreshToken } = tokens;
        return { kind: 'signed-in', tokens: { accessToken, refreshToken } };
      } catch (error) {
        throw new SignInError('The sign-in did not succeed. Begin again.', { cause: error });
      }
    },

    /** Where the pool's own session ends. */
    farewell(): string {
      const asked = new URLSearchParams({ client_id: clientId, logout_uri: home });
      return `${domain}/logout?${asked.toString()}`;
    },
  };
}

/** Whether an address is that of somebody who comes back. */
export function isReturn(here: URL): boolean {
  return here.searchParams.has('state');
}
