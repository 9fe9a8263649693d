import { CognitoJwtVerifier } from 'aws-jwt-verify/cognito-verifier';
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { httpCall } from './http.ts';
import type { CognitoPools, PoolName } from './pools.ts';

/** Whom a good token was given to. */
export interface VerifiedToken {
  pool: PoolName;
  /** `sub`: who they are, for ever. */
  subject: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** The sign-in that it comes from: all tokens that were refreshed from one have the same. */
  sessionId: string;
  /** When that was, in epoch milliseconds of whole seconds. */
  startedAt: number;
}

/** Whether the token holds cannot be told: the keys that tokens are signed with cannot be had. */
export class SigningKeysAwayError extends Error {
  override readonly name = 'SigningKeysAwayError';
}

/**
 * Verifies Cognito access tokens of the two pools: signature, issuer, client, use and times. The
 * signing keys are fetched when a token names one that is not known, at most once in 10 s for a pool
 * however many do.
 * @param options.endpoint where a local stand-in serves the keys instead of Cognito
 */
export function createTokenVerifier(options: {
  pools: CognitoPools;
  endpoint?: string | undefined;
}) {
  const { pools, endpoint } = options;
  const names = new Map<string, PoolName>(
    (['customers', 'staff'] as const).map((name) => [pools[name].userPoolId, name]),
  );
  const verifier = CognitoJwtVerifier.create(
    (['customers', 'staff'] as const).map((name) => ({
      ...pools[name],
      tokenUse: 'access' as const,
    })),
    { jwksCache: new SimpleJwksCache({ fetcher: createFetcher(endpoint) }) },
  );

  /** Undefined for a token that does not hold. @throws SigningKeysAwayError */
  return async function verify(token: string): Promise<VerifiedToken | undefined> {
    try {
      const payload = await verifier.verify(token);
      const { iss, sub, exp, iat, jti, auth_time, origin_jti } = payload;
      const pool = names.get(iss.slice(iss.lastIndexOf('/') + 1));
      return (
        pool && {
          pool,
          subject: sub,
          expiresAt: exp * 1_000,
          sessionId: origin_jti ?? jti,
          startedAt: (auth_time ?? iat) * 1_000,
        }
      );
    } catch (error) {
      if (error instanceof FetchError) throw new SigningKeysAwayError(error.message);
      if (error instanceof JwtBaseError) return undefined;
      throw error;
    }
  };
}

/** The keys' addresses follow from the pools' ids; only where they are served may differ. */
function createFetcher(endpoint: string | undefined) {
  if (endpoint === undefined) return new SimpleFetcher();
  return {
    async fetch(uri: string): Promise<ArrayBuffer> {
      const url = new URL(new URL(uri).pathname, endpoint);
      try {
        const { status, body } = await httpCall(url, { method: 'GET' });
        if (status !== 200) throw new Error(`answered ${status}`);
        return Uint8Array.from(body).buffer;
      } catch (error) {
        throw new FetchError(url.href, error);
      }
    },
  };
}
