export type PoolName = 'customers' | 'staff';

/** One user pool, and the app client whose tokens count. */
export interface CognitoPool {
  userPoolId: string;
  clientId: string;
}

/** Customers and staff sign in apart: what one pool gives out opens nothing of the other's. */
export type CognitoPools = Readonly<Record<PoolName, CognitoPool>>;

/** The pools as configured; undefined where nobody signs in. */
export function readPools(config: {
  COGNITO_CUSTOMERS_POOL_ID?: string | undefined;
  COGNITO_CUSTOMERS_CLIENT_ID?: string | undefined;
  COGNITO_STAFF_POOL_ID?: string | undefined;
  COGNITO_STAFF_CLIENT_ID?: string | undefined;
}): CognitoPools | undefined {
  const customers = pool(config.COGNITO_CUSTOMERS_POOL_ID, config.COGNITO_CUSTOMERS_CLIENT_ID);
  const staff = pool(config.COGNITO_STAFF_POOL_ID, config.COGNITO_STAFF_CLIENT_ID);
  return customers && staff && { customers, staff };
}

function pool(userPoolId: string | undefined, clientId: string | undefined) {
  return userPoolId !== undefined && clientId !== undefined ? { userPoolId, clientId } : undefined;
}

/** What apps ask for: who somebody is, and the right to ask Cognito what they have proved. */
const SCOPES = ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'];

/** What an app needs to send people to a pool. Without hosted pages there is only a password. */
export function signInPoolOf(pool: CognitoPool, domain: string | undefined) {
  const region = pool.userPoolId.split('_')[0] ?? '';
  return {
    ...pool,
    region,
    issuer: `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`,
    domain: domain?.replace(/\/$/, '') ?? null,
    providers: domain === undefined ? [] : ['Google', 'SignInWithApple'],
    scopes: SCOPES,
  };
}
