import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/register`: an account with e-mail and password. */
export function registerAccountRoute(deps: AccountDependencies) {
  return defineRoute({
    name: 'register-account',
    method: 'post',
    path: '/v1/public/auth/register',
    tag: 'Public',
    summary: 'Make an account',
    description:
      'Sends a code to the address; confirm it next. An address that has an account is answered ' +
      'alike.',
    scope: 'public',
    guard: { perMinute: 30, perAccount: 5 },
    body: z.strictObject({
      pool: accountFields.pool,
      email: accountFields.email,
      password: accountFields.newPassword,
      locale: accountFields.locale,
    }),
    responses: {
      202: {
        description: 'A code is on its way, unless the address has an account.',
        schema: z.object({ next: z.literal('confirm') }),
      },
    },
    async handle({ body: { pool, ...account } }) {
      const outcome = await requireAccounts(deps).register(pool, account);
      return accountReply(outcome, { status: 202, body: () => ({ next: 'confirm' }) });
    },
  });
}
