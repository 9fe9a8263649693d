import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customersPool, type LocalPool, staffPool } from './pools.ts';

/** Writes the pools as cognito-local keeps them; users of an earlier run stay. */
export function seedPools(dataDir: string): void {
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
