import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/forgot-password`: a code for a new password. */
export function forgotPasswordRoute(deps: AccountDependencies) {
  const { pool, email, locale } = accountFields;
  return defineRoute({
    name: 'forgot-password',
    method: 'post',
    path: '/v1/public/auth/forgot-password',
    tag: 'Public',
    summary: 'Ask for a new password',
    description: 'Sends a code, if the address has an account; the answer is the same if not.',
    scope: 'public',
    guard: { perMinute: 20, perAccount: 5 },
    body: z.strictObject({ pool, email, locale }),
    responses: {
      202: {
        description: 'A code is on its way, if the address has an account.',
        schema: z.object({ next: z.literal('confirm-forgot-password') }),
      },
    },
    async handle({ body: { pool, ...account } }) {
      const outcome = await requireAccounts(deps).forgotPassword(pool, account);
      const body = () => ({ next: 'confirm-forgot-password' });
      return accountReply(outcome, { status: 202, body });
    },
  });
}
