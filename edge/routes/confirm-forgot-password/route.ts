import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/confirm-forgot-password`: a new password with the code that was sent. */
export function confirmForgotPasswordRoute(deps: AccountDependencies) {
  const { pool, email, code, newPassword } = accountFields;
  return defineRoute({
    name: 'confirm-forgot-password',
    method: 'post',
    path: '/v1/public/auth/confirm-forgot-password',
    tag: 'Public',
    summary: 'Set a new password',
    scope: 'public',
    guard: { perMinute: 30, perAccount: 10 },
    body: z.strictObject({ pool, email, code, password: newPassword }),
    responses: {
      200: { description: 'Set.', schema: z.object({ next: z.literal('sign-in') }) },
    },
    async handle({ body: { pool, ...proof } }) {
      const outcome = await requireAccounts(deps).confirmForgotPassword(pool, proof);
      return accountReply(outcome, { status: 200, body: () => ({ next: 'sign-in' }) });
    },
  });
}
