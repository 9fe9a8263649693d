import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { callCognito } from '../cognito/people.ts';
import type { LocalPool } from '../cognito/pools.ts';
import { signingKey } from '../cognito/signing.ts';
import { grantEverything, POOL_SCOPES, RESOURCE } from './grant.ts';

export interface PoolProviderOptions {
  readonly pool: LocalPool;
  /** Where the pages are mounted. */
  readonly url: string;
  readonly cognitoUrl: string;
  /** Where apps may be sent back to. */
  readonly redirectUris: readonly string[];
}

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/** What gives out one pool's codes and tokens: in Cognito's name, signed with cognito-local's key. */
export function createPoolProvider({
  pool,
  url,
  cognitoUrl,
  redirectUris,
}: PoolProviderOptions): Provider {
  const path = new URL(url).pathname;
  const names = {
    session: `${pool.name}-s`,
    interaction: `${pool.name}-i`,
    resume: `${pool.name}-r`,
  };
  return new Provider(`https://cognito-idp.eu-west-1.amazonaws.com/${pool.userPoolId}`, {
    clients: [
      {
        client_id: pool.clientId,
        token_endpoint_auth_method: 'none',
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    clientBasedCORS: () => true,
    jwks: { keys: [signingKey] },
    cookies: { keys: [pool.clientId], names },
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      revocation: '/oauth2/revoke',
    },
    extraParams: ['identity_provider'],
    scopes: POOL_SCOPES.split(' '),
    claims: {
      openid: ['sub', 'cognito:username', 'token_use', 'identities'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    conformIdTokenClaims: false,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: false,
    loadExistingGrant: (context: KoaContextWithOIDC) => grantEverything(context),
    interactions: { url: (_context, { uid }) => `${path}/interaction/${uid}` },
    ttl: {
      AccessToken: HOUR_SECONDS,
      AuthorizationCode: 300,
      Grant: 30 * DAY_SECONDS,
      IdToken: HOUR_SECONDS,
      Interaction: 600,
      RefreshToken: 30 * DAY_SECONDS,
      Session: HOUR_SECONDS,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: POOL_SCOPES,
          accessTokenFormat: 'jwt',
          accessTokenTTL: HOUR_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // All tokens of one sign-in name it, as Cognito's do.
    extraTokenClaims: ({ oidc: { entities } }, token) => ({
      token_use: 'access',
      client_id: token.clientId ?? '',
      username: 'accountId' in token ? token.accountId : '',
      ...('grantId' in token && { origin_jti: token.grantId }),
      auth_time: (entities.AuthorizationCode ?? entities.RefreshToken)?.authTime,
    }),
    async findAccount(_context, accountId) {
      const user = await findUser(cognitoUrl, pool, accountId);
      return user && { accountId: user['sub'] ?? '', claims: async () => idClaims(user) };
    },
  });
}

type Attributes = Readonly<Record<string, string>>;

async function findUser(
  cognitoUrl: string,
  { userPoolId }: LocalPool,
  Username: string,
): Promise<Attributes | undefined> {
  const of = { UserPoolId: userPoolId, Username };
  const user = await callCognito<{ UserAttributes: { Name: string; Value: string }[] }>(
    cognitoUrl,
    'AdminGetUser',
    of,
  ).catch(() => undefined);
  return user && Object.fromEntries(user.UserAttributes.map(({ Name, Value }) => [Name, Value]));
}

function idClaims({ sub = '', email, email_verified, name, identities }: Attributes) {
  return {
    sub,
    'cognito:username': sub,
    token_use: 'id',
    ...(email !== undefined && { email, email_verified: email_verified === 'true' }),
    ...(name !== undefined && { name }),
    ...(identities !== undefined && { identities: JSON.parse(identities) as unknown }),
  };
}
