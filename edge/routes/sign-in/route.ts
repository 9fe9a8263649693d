import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
  tokensSchema,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/sign-in`: e-mail and password for tokens. */
export function signInRoute(deps: AccountDependencies) {
  const { pool, email, password } = accountFields;
  return defineRoute({
    name: 'sign-in',
    method: 'post',
    path: '/v1/public/auth/sign-in',
    tag: 'Public',
    summary: 'Sign in with e-mail and password',
    description: 'Send the access token as `Authorization: Bearer …` from then on.',
    scope: 'public',
    guard: { perMinute: 30, perAccount: 10 },
    body: z.strictObject({ pool, email, password }),
    responses: { 200: { description: 'Signed in.', schema: tokensSchema } },
    async handle({ body: { pool, ...account } }) {
      const outcome = await requireAccounts(deps).signIn(pool, account);
      return accountReply(outcome, { status: 200, body: ({ tokens }) => tokens });
    },
  });
}
