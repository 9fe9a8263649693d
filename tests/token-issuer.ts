import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Claims = Readonly<Record<string, unknown>>;

/** What is to be wrong with a token, or different. */
export type TokenOptions = {
  readonly pool?: 'customers' | 'staff';
  readonly claims?: Claims;
  readonly header?: Claims;
  /** Signed with a key that nobody has published. */
  readonly forged?: boolean;
};

/** Gives out access tokens as the two pools would, and publishes the keys they are signed with. */
export type TokenIssuer = {
  /** For the edge that is to believe it. */
  readonly env: NodeJS.ProcessEnv;
  readonly url: string;
  /** How often the keys were fetched. */
  readonly keyFetches: () => number;
  token(subject: string, options?: TokenOptions): string;
  /** Signed with HS256 and the published key as the secret: the classic confusion. */
  confusedToken(subject: string): string;
  /** Not signed at all: `alg: none`. */
  unsignedToken(subject: string): string;
  stop(): Promise<void>;
};

const KID = 'test-key';
const poolIds = { customers: 'eu-west-1_Customers', staff: 'eu-west-1_Staff' };
const clientIds = { customers: 'customersclient', staff: 'staffclient' };

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: 'RS256' };
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    env: {
      COGNITO_CUSTOMERS_POOL_ID: poolIds.customers,
      COGNITO_CUSTOMERS_CLIENT_ID: clientIds.customers,
      COGNITO_STAFF_POOL_ID: poolIds.staff,
      COGNITO_STAFF_CLIENT_ID: clientIds.staff,
      COGNITO_ENDPOINT: url,
    },
    keyFetches: () => fetches,
    token(subject, options = {}) {
      const signed = unsigned(subject, { alg: 'RS256', kid: KID }, options);
      return `${signed}.${signRs256(signed, options.forged ? stranger : privateKey)}`;
    },
    confusedToken(subject) {
      const signed = unsigned(subject, { alg: 'HS256', kid: KID });
      const secret = publicKey.export({ format: 'pem', type: 'spki' });
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    },
    unsignedToken: (subject) => `${unsigned(subject, { alg: 'none', kid: KID })}.`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function unsigned(subject: string, header: Claims, options: TokenOptions = {}): string {
  const pool = options.pool ?? 'customers';
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    sub: subject,
    iss: `https://cognito-idp.eu-west-1.amazonaws.com/${poolIds[pool]}`,
    client_id: clientIds[pool],
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    auth_time: now,
    iat: now,
    exp: now + 3_600,
    jti: randomUUID(),
    username: subject,
    ...options.claims,
  };
  return `${encode({ ...header, ...options.header })}.${encode(claims)}`;
}

function signRs256(text: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(text), key).toString('base64url');
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
