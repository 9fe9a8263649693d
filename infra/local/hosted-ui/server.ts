import { randomUUID } from 'node:crypto';
import express from 'express';
import { customersPool, staffPool } from '../cognito/pools.ts';
import { createIdentityProvider, type IdentityProvider } from './identity-provider.ts';
import { createPoolPages } from './pool-pages.ts';

/*
 * The hosted pages of both pools, and Google and Apple behind them, on one port: `/customers`,
 * `/staff`, `/google`, `/apple`. What they remember ends with the process; accounts are cognito-local's.
 */

const {
  HOST: host = '127.0.0.1',
  PORT: port = '9230',
  PUBLIC_URL: url = `http://127.0.0.1:${port}`,
  COGNITO_ENDPOINT: cognitoUrl = '',
  REDIRECT_URIS: redirectUris = '',
} = process.env;

const pools = [customersPool, staffPool];
const secret = () => ({ clientId: randomUUID(), clientSecret: randomUUID() });
const providers: readonly (IdentityProvider & { issuer: string; path: string })[] = [
  { name: 'Google', title: 'Google', path: '/google', issuer: `${url}/google`, ...secret() },
  { name: 'SignInWithApple', title: 'Apple', path: '/apple', issuer: `${url}/apple`, ...secret() },
];
const callbacks = pools.map(({ name }) => `${url}/${name}/oauth2/idpresponse`);

const app = express();
app.disable('x-powered-by');
for (const provider of providers) {
  const { issuer, path } = provider;
  app.use(path, createIdentityProvider(provider, { issuer, path, redirectUris: callbacks }));
}
for (const pool of pools) {
  app.use(
    `/${pool.name}`,
    createPoolPages({
      pool,
      url: `${url}/${pool.name}`,
      cognitoUrl,
      redirectUris: redirectUris.split(' '),
      providers,
    }),
  );
}
app.listen(Number(port), host, () => console.log(JSON.stringify({ event: 'ready', port })));
