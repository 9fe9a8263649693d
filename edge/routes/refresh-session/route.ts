import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
  tokensSchema,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/refresh`: a new access token before the old one ends. */
export function refreshSessionRoute(deps: AccountDependencies) {
  const { pool, token } = accountFields;
  return defineRoute({
    name: 'refresh-session',
    method: 'post',
    path: '/v1/public/auth/refresh',
    tag: 'Public',
    summary: 'Refresh a session',
    scope: 'public',
    body: z.strictObject({ pool, refreshToken: token }),
    responses: { 200: { description: 'Still signed in.', schema: tokensSchema } },
    async handle({ body: { pool, ...session } }) {
      const outcome = await requireAccounts(deps).refresh(pool, session);
      return accountReply(outcome, { status: 200, body: ({ tokens }) => tokens });
    },
  });
}
