import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import type { Targets } from 'cognito-local/lib/targets/targets.js';
import key from 'cognito-local/lib/keys/cognitoLocal.private.json' with { type: 'json' };

/** The key that cognito-local signs with, and publishes: anybody may have it. */
export const signingKey = { ...key.jwk, kid: 'CognitoLocal', use: 'sig', alg: 'RS256' };

const privateKey = createPrivateKey(key.pem);

type Claims = Record<string, unknown>;
type InitiateAuth = typeof Targets.InitiateAuth;

/**
 * Cognito's tokens name the sign-in that they come from, and when that was, however often they were
 * refreshed; cognito-local's do not.
 */
export function namingTheirSignIn(initiateAuth: InitiateAuth): InitiateAuth {
  return (services) => async (context, request) => {
    const answer = await initiateAuth(services)(context, request);
    const { AuthenticationResult: tokens } = answer;
    if (!tokens?.AccessToken) return answer;
    const refreshToken = tokens.RefreshToken ?? request.AuthParameters?.['REFRESH_TOKEN'];
    const { jti = randomUUID(), iat } = refreshToken ? claimsOf(refreshToken) : {};
    const signIn = { origin_jti: jti, ...(iat !== undefined && { auth_time: iat }) };
    const AuthenticationResult = {
      ...tokens,
      AccessToken: signedAgain(tokens.AccessToken, signIn),
      ...(tokens.IdToken && { IdToken: signedAgain(tokens.IdToken, signIn) }),
    };
    return { ...answer, AuthenticationResult };
  };
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}

function signedAgain(token: string, added: Claims): string {
  const [header = ''] = token.split('.');
  const claims = JSON.stringify({ ...claimsOf(token), ...added });
  const signed = `${header}.${Buffer.from(claims).toString('base64url')}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}
