import express, { type Request, type Response, type Router } from 'express';
import * as openid from 'openid-client';
import { callCognito } from '../cognito/people.ts';
import type { LocalPool } from '../cognito/pools.ts';
import { claimsOf } from '../cognito/signing.ts';
import { escape, page } from './html.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { createPoolProvider, type PoolProviderOptions } from './pool-provider.ts';

interface PoolPagesOptions extends PoolProviderOptions {
  readonly providers: readonly (IdentityProvider & { readonly issuer: string })[];
}

/** Somebody who was sent to a provider and is to come back. */
interface Journey {
  readonly uid: string;
  readonly provider: IdentityProvider & { readonly issuer: string };
  readonly verifier: string;
  readonly nonce: string;
  /** Set when they have come back: how it went. */
  result?: SignInResult;
}

type SignInResult = { login: { accountId: string } } | { error: string; error_description: string };

/**
 * The hosted pages of one user pool, as Cognito serves them: `/oauth2/authorize`, `/oauth2/token`,
 * `/oauth2/userInfo`, `/logout`, and a page with a password and with buttons for the providers. People
 * and tokens are cognito-local's: its users, its key.
 */
export function createPoolPages(options: PoolPagesOptions): Router {
  const { pool, cognitoUrl, providers } = options;
  const path = new URL(options.url).pathname;
  const callback = `${options.url}/oauth2/idpresponse`;
  const journeys = new Map<string, Journey>();
  const provider = createPoolProvider(options);
  const form = express.urlencoded();

  const finish = (request: Request, response: Response, result: SignInResult) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });

  async function sendTo(to: Journey['provider'], uid: string, response: Response) {
    const verifier = openid.randomPKCECodeVerifier();
    const journey: Journey = { uid, provider: to, verifier, nonce: openid.randomNonce() };
    const state = openid.randomState();
    journeys.set(state, journey);
    const there = openid.buildAuthorizationUrl(await configOf(to), {
      redirect_uri: callback,
      scope: 'openid email profile',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce: journey.nonce,
    });
    response.redirect(there.href);
  }

  /** What a provider says of somebody becomes a user of the pool, or an error for the app. */
  async function welcome(journey: Journey, here: URL, state: string): Promise<SignInResult> {
    const tokens = await openid.authorizationCodeGrant(await configOf(journey.provider), here, {
      pkceCodeVerifier: journey.verifier,
      expectedState: state,
      expectedNonce: journey.nonce,
    });
    const claims: Record<string, unknown> = tokens.claims() ?? {};
    const { sub, email, email_verified, name } = claims;
    try {
      const { Sub } = await callCognito<{ Sub: string }>(cognitoUrl, 'StandInArrive', {
        UserPoolId: pool.userPoolId,
        ProviderName: journey.provider.name,
        Subject: text(sub),
        Attributes: {
          email: text(email),
          email_verified: String(email_verified),
          name: text(name),
        },
      });
      return { login: { accountId: Sub } };
    } catch (error) {
      return { error: 'invalid_request', error_description: (error as Error).message };
    }
  }

  const router = express.Router();
  router.get('/interaction/:uid', async (request, response) => {
    const { uid, params } = await provider.interactionDetails(request, response);
    const wanted = providers.find(({ name }) => name === params['identity_provider']);
    if (wanted) await sendTo(wanted, uid, response);
    else response.send(signInPage(pool, providers, `${path}/interaction/${uid}`));
  });
  router.get('/interaction/:uid/to/:provider', async (request, response) => {
    const { uid } = await provider.interactionDetails(request, response);
    const wanted = providers.find(({ name }) => name === request.params['provider']);
    if (wanted) await sendTo(wanted, uid, response);
    else response.status(404).end();
  });
  router.post('/interaction/:uid', form, async (request, response) => {
    const { uid } = await provider.interactionDetails(request, response);
    const { username = '', password = '' } = request.body as Record<string, string | undefined>;
    const accountId = await checkPassword(options, username.toLowerCase(), password);
    if (accountId === undefined) {
      const again = signInPage(pool, providers, `${path}/interaction/${uid}`);
      response.status(401).send(`${again}<p role="alert">Incorrect username or password.</p>`);
    } else {
      await finish(request, response, { login: { accountId } });
    }
  });
  router.get('/oauth2/idpresponse', async (request, response) => {
    const state = text(request.query['state']);
    const journey = journeys.get(state);
    if (!journey) throw new Error('nobody was sent away with this state');
    journey.result = await welcome(journey, new URL(request.originalUrl, options.url), state);
    // The interaction's cookie is only sent below its own path.
    response.redirect(`${path}/interaction/${journey.uid}/back?state=${state}`);
  });
  router.get('/interaction/:uid/back', async (request, response) => {
    const state = text(request.query['state']);
    const result = journeys.get(state)?.result;
    journeys.delete(state);
    if (!result) throw new Error('nobody came back with this state');
    await finish(request, response, result);
  });
  // Cognito's own names for what others call end_session_endpoint.
  router.get('/logout', (request, response) => {
    const home = text(request.query['logout_uri']);
    if (!options.redirectUris.includes(home)) throw new Error('nobody may be sent there');
    for (const name of [`${pool.name}-s`, `${pool.name}-s.sig`]) response.clearCookie(name);
    response.redirect(home);
  });
  router.get('/oauth2/userInfo', (request, response) => userInfo(options, request, response));
  router.use(provider.callback());
  return router;
}

/** The `sub` of whoever has this password. */
async function checkPassword(
  { cognitoUrl, pool }: PoolPagesOptions,
  USERNAME: string,
  PASSWORD: string,
): Promise<string | undefined> {
  const answer = await callCognito<{ AuthenticationResult?: { IdToken: string } }>(
    cognitoUrl,
    'InitiateAuth',
    {
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    },
  ).catch(() => undefined);
  const token = answer?.AuthenticationResult?.IdToken;
  return token === undefined ? undefined : text(claimsOf(token)['sub']);
}

/** As Cognito: texts, also where the ID token has booleans. */
async function userInfo({ cognitoUrl }: PoolPagesOptions, request: Request, response: Response) {
  const AccessToken = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  try {
    const { UserAttributes } = await callCognito<{
      UserAttributes: { Name: string; Value: string }[];
    }>(cognitoUrl, 'GetUser', { AccessToken });
    response.json(Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value])));
  } catch {
    response.status(401).json({ error: 'invalid_token' });
  }
}

function signInPage(
  pool: LocalPool,
  providers: readonly IdentityProvider[],
  action: string,
): string {
  const buttons = providers.map(
    ({ name, title }) =>
      `<a class="button" id="${name}" href="${action}/to/${name}">Continue with ${escape(title)}</a>`,
  );
  return page(
    `Sign in (${pool.name})`,
    `${buttons.join('')}<form method="post" action="${action}">
<label>E-mail <input name="username" type="email" autocomplete="username" required></label>
<label>Password <input name="password" type="password" required></label>
<button>Sign in</button></form>`,
  );
}

const configs = new Map<string, Promise<openid.Configuration>>();

function configOf({ issuer, clientId, clientSecret }: Journey['provider']) {
  const known = configs.get(issuer);
  if (known) return known;
  const config = openid.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
  configs.set(issuer, config);
  return config;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
