import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../ports.ts';
import { Service, type ServiceHandle } from '../service.ts';
import { customersPool, type LocalPool, staffPool } from './pools.ts';

export type CognitoOptions = {
  /** Its folder, made if missing; users, the log and the pid file live in it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; absent: any free one. */
  readonly port?: number | undefined;
  /** Whether an unexpected exit is followed by a new start; default no. */
  readonly restart?: boolean | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

export type CognitoHandle = ServiceHandle & {
  readonly url: string;
  readonly port: number;
  /** What makes an edge take this for Cognito. */
  readonly env: Readonly<Record<string, string>>;
};

/** The code that this Cognito sends to everybody: there is no e-mail here to read one from. */
export const CONFIRMATION_CODE = '123456';

/**
 * Starts the stand-in for Cognito, with the two pools. Its tokens name the real issuer, so that they
 * are verified as in production; only the address of the keys differs.
 *
 * @throws Error when it is not ready within 30 s
 */
export async function startCognito(options: CognitoOptions): Promise<CognitoHandle> {
  const dataDir = resolve(options.dataDir);
  seedPools(dataDir);
  const port = options.port ?? (await freePort());
  const service = new Service({
    name: 'Cognito',
    file: process.execPath,
    args: [join(import.meta.dirname, 'server.ts')],
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      CODE: CONFIRMATION_CODE,
      // It brings a client of an older SDK, which says so at every start.
      AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
    },
    logFile: join(dataDir, 'cognito.log'),
    pidFile: join(dataDir, 'cognito.pid'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyTimeoutMs: 30_000,
    isReady: (log) => log.includes('"event":"ready"'),
    restart: options.restart ?? false,
    onTrouble: options.onTrouble,
  });
  await service.start();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    COGNITO_ENDPOINT: url,
    COGNITO_CUSTOMERS_POOL_ID: customersPool.userPoolId,
    COGNITO_CUSTOMERS_CLIENT_ID: customersPool.clientId,
    COGNITO_STAFF_POOL_ID: staffPool.userPoolId,
    COGNITO_STAFF_CLIENT_ID: staffPool.clientId,
  };
  return Object.assign(service, { url, port, env });
}

/** Writes the pools as cognito-local keeps them; users of an earlier run stay. */
function seedPools(dataDir: string): void {
  const folder = join(dataDir, '.cognito', 'db');
  mkdirSync(folder, { recursive: true });
  const pools = [customersPool, staffPool];
  const config = { TokenConfig: { IssuerDomain: 'https://cognito-idp.eu-west-1.amazonaws.com' } };
  writeFileSync(join(dataDir, '.cognito', 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'clients.json'), JSON.stringify({ Clients: clientsOf(pools) }));
  for (const { userPoolId, name } of pools) {
    const options = {
      Id: userPoolId,
      Name: name,
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OFF',
    };
    writeOnce(join(folder, `${userPoolId}.json`), { Users: {}, Options: options, Groups: {} });
  }
}

function clientsOf(pools: readonly LocalPool[]): object {
  const clients = pools.map(({ userPoolId, clientId, name }) => [
    clientId,
    {
      ClientId: clientId,
      ClientName: name,
      UserPoolId: userPoolId,
      AccessTokenValidity: 1,
      TokenValidityUnits: { AccessToken: 'hours' },
      RefreshTokenValidity: 30,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    },
  ]);
  return Object.fromEntries(clients) as object;
}

function writeOnce(file: string, content: object): void {
  try {
    writeFileSync(file, JSON.stringify(content), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
