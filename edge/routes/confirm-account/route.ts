import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/confirm`: the code that came by e-mail proves the address. */
export function confirmAccountRoute(deps: AccountDependencies) {
  const { pool, email, password, code } = accountFields;
  return defineRoute({
    name: 'confirm-account',
    method: 'post',
    path: '/v1/public/auth/confirm',
    tag: 'Public',
    summary: 'Confirm an account',
    description:
      'With the password that it was begun with: a code confirms no account that somebody else began.',
    scope: 'public',
    guard: { perMinute: 30, perAccount: 10 },
    body: z.strictObject({ pool, email, password, code }),
    responses: {
      200: {
        description: 'Confirmed.',
        schema: z.object({ next: z.literal('sign-in') }),
      },
    },
    async handle({ body: { pool, ...proof } }) {
      const outcome = await requireAccounts(deps).confirm(pool, proof);
      return accountReply(outcome, { status: 200, body: () => ({ next: 'sign-in' }) });
    },
  });
}
