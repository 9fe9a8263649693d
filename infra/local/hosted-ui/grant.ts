import type { KoaContextWithOIDC } from 'oidc-provider';

/** What an access token of the pools is for; Cognito has no name for it and needs none. */
export const RESOURCE = 'urn:regulars:api';
export const POOL_SCOPES = 'openid email profile aws.cognito.signin.user.admin';

/** Nobody is asked for consent: an app gets what it asks for. */
export async function grantEverything({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const { Grant } = provider;
  const known = session.grantIdFor(client.clientId);
  const found = known === undefined ? undefined : await Grant.find(known);
  if (found) return found;
  const grant = new Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(POOL_SCOPES);
  grant.addResourceScope(RESOURCE, POOL_SCOPES);
  await grant.save();
  return grant;
}
