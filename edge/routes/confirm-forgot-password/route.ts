import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/confirm-forgot-password`: a new password with the code that was sent. */
export function confirmForgotPasswordRoute(
  deps: AccountDependencies & {
    /** Ends every session of whoever has this token. Returns when a new one may begin. */
    endSessions: (accessToken: string) => Promise<void>;
  },
) {
  const { pool, email, code, newPassword } = accountFields;
  return defineRoute({
    name: 'confirm-forgot-password',
    method: 'post',
    path: '/v1/public/auth/confirm-forgot-password',
    tag: 'Public',
    summary: 'Set a new password',
    description:
      'Whoever was signed in to the account is signed out everywhere: a password is set anew when ' +
      'somebody else may know the old one.',
    scope: 'public',
    guard: { perMinute: 30, perAccount: 10 },
    body: z.strictObject({ pool, email, code, password: newPassword }),
    responses: {
      200: { description: 'Set.', schema: z.object({ next: z.literal('sign-in') }) },
    },
    async handle({ body: { pool, ...proof } }) {
      const accounts = requireAccounts(deps);
      const outcome = await accounts.confirmForgotPassword(pool, proof);
      const signedIn = outcome.kind === 'done' ? await accounts.signIn(pool, proof) : outcome;
      if (signedIn.kind === 'done') await deps.endSessions(signedIn.tokens.accessToken);
      return accountReply(outcome, { status: 200, body: () => ({ next: 'sign-in' }) });
    },
  });
}
