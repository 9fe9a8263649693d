import { z } from 'zod';
import type { SignInPool } from '../../accounts.ts';
import type { Pool } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';

const poolSchema = z
  .object({
    region: z.string(),
    userPoolId: z.string(),
    clientId: z.string(),
    issuer: z.string().meta({ description: 'Whom its tokens are from (`iss`).' }),
    domain: z.string().nullable().meta({
      description: 'Of the hosted sign-in pages, if any: `/oauth2/authorize` and so on follow it.',
    }),
    providers: z
      .array(z.string())
      .meta({ description: 'Offered there beside a password: for `identity_provider`.' }),
    scopes: z.array(z.string()).meta({ description: 'To be asked for.' }),
  })
  .meta({ id: 'SignInPool' });

/** `GET /v1/public/auth/config`: what an app needs to send people to sign in. */
export function getSignInConfigRoute(deps: {
  signInPools: Readonly<Record<Pool, SignInPool>> | undefined;
}) {
  return defineRoute({
    name: 'get-sign-in-config',
    method: 'get',
    path: '/v1/public/auth/config',
    tag: 'Public',
    summary: 'Where people sign in',
    description:
      'For the authorization code flow with PKCE on the hosted pages, Google and Apple included. ' +
      'When the pages come back with `account-linked` in `error_description`, the address is that ' +
      'of an account which can be signed in to in this way from now on: begin the flow again.',
    scope: 'public',
    responses: {
      200: {
        description: 'The two pools.',
        schema: z.object({ customers: poolSchema, staff: poolSchema }),
      },
    },
    async handle() {
      const { signInPools } = deps;
      if (!signInPools) {
        throw new Problem('not-found', { detail: 'Nobody signs in here: no user pool is set up.' });
      }
      const headers = { 'Cache-Control': 'public, max-age=300' };
      return { status: 200, body: signInPools, headers };
    },
  });
}
