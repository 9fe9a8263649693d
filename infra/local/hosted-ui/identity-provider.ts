import { generateKeyPairSync, hash } from 'node:crypto';
import express, { type Router } from 'express';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { grantEverything } from './grant.ts';
import { escape, page } from './html.ts';

/** An identity provider that the hosted pages send people to. */
export interface IdentityProvider {
  /** As Cognito calls it. */
  readonly name: 'Google' | 'SignInWithApple';
  /** As people call it. */
  readonly title: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Person {
  readonly email: string;
  readonly isVerified: boolean;
  readonly name: string;
}

/**
 * Stands in for Google or Apple: whoever comes says who they are, and whether the provider has
 * verified their address. The same address is always the same person (`sub`).
 * @param options.path where it is mounted, from the root
 */
export function createIdentityProvider(
  { name, title, clientId, clientSecret }: IdentityProvider,
  options: { issuer: string; path: string; redirectUris: readonly string[] },
): Router {
  const people = new Map<string, Person>();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const provider = new Provider(options.issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [...options.redirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: {
      keys: [clientSecret],
      names: { session: `${name}-s`, interaction: `${name}-i`, resume: `${name}-r` },
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    loadExistingGrant: (context: KoaContextWithOIDC) => grantEverything(context),
    interactions: { url: (_context, { uid }) => `${options.path}/interaction/${uid}` },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => claimsOf(accountId, people.get(accountId)),
    }),
  });

  const router = express.Router();
  router.get('/interaction/:uid', (_request, response) => {
    response.send(
      page(
        `Sign in with ${title}`,
        `<p>This stands in for ${escape(title)}: be whoever you like.</p><form method="post">
<label>E-mail <input name="email" type="email" required value="first-guest@lantern.example"></label>
<label>Name <input name="name" value="A guest"></label>
<label><input name="verified" type="checkbox" checked> ${escape(title)} has verified it</label>
<button>Continue</button></form>`,
      ),
    );
  });
  router.post('/interaction/:uid', express.urlencoded(), async (request, response) => {
    const { email, name: called, verified } = request.body as Record<string, string | undefined>;
    const accountId = subjectOf(name, email ?? '');
    const isVerified = verified === 'on';
    people.set(accountId, { email: email ?? '', isVerified, name: called ?? '' });
    await provider.interactionFinished(request, response, { login: { accountId } });
  });
  router.use(provider.callback());
  return router;
}

/** Google counts people, Apple has three parts with dots. */
function subjectOf(name: string, email: string): string {
  const id = hash('sha256', `${name}:${email.toLowerCase()}`, 'hex');
  if (name !== 'Google') return `001234.${id.slice(0, 32)}.0930`;
  return BigInt(`0x${id.slice(0, 16)}`)
    .toString()
    .padStart(21, '1');
}

function claimsOf(sub: string, person: Person | undefined) {
  const { email, isVerified: email_verified, name } = person ?? { email: '', isVerified: false };
  return { sub, email, email_verified, ...(name !== undefined && { name }) };
}
