import { z } from 'zod';
import {
  type AccountDependencies,
  accountFields,
  accountReply,
  requireAccounts,
} from '../../accounts.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/public/auth/sign-out`: ends a session. */
export function signOutRoute(
  deps: AccountDependencies & { endSession: (accessToken: string) => Promise<void> },
) {
  const { pool, token } = accountFields;
  return defineRoute({
    name: 'sign-out',
    method: 'post',
    path: '/v1/public/auth/sign-out',
    tag: 'Public',
    summary: 'Sign out',
    description:
      'The refresh token gives nothing any more. With the access token, it and whatever else was ' +
      'refreshed from the same sign-in are refused too, within seconds; without, they go on until ' +
      'they expire.',
    scope: 'public',
    body: z.strictObject({ pool, refreshToken: token, accessToken: token.optional() }),
    responses: {
      200: { description: 'Signed out.', schema: z.object({ next: z.literal('sign-in') }) },
    },
    async handle({ body: { pool, refreshToken, accessToken } }) {
      if (accessToken !== undefined) await deps.endSession(accessToken);
      const outcome = await requireAccounts(deps).signOut(pool, { refreshToken });
      return accountReply(outcome, { status: 200, body: () => ({ next: 'sign-in' }) });
    },
  });
}
