import { DAY_MS, type Instant } from '../../../domain/values/time.ts';

/** Accounts that were begun and never confirmed, as the pools' administrator sees them. */
export interface UnconfirmedAccounts {
  /** Each with when it was begun, a page at a time. */
  listUnconfirmed(
    userPoolId: string,
  ): AsyncIterable<readonly { username: string; createdAt: Instant }[]>;
  remove(userPoolId: string, username: string): Promise<void>;
}

/** A code confirms for a day (Cognito's own limit), and is sent once: after two nobody can any more. */
export const KEPT_MS = 2 * DAY_MS;

/**
 * Forgets accounts that were begun and not confirmed in time. Until then whoever owns the address
 * cannot begin one with it, which somebody else may have done. Done twice it stays done; one that
 * fails leaves the rest to the next run.
 * @returns how many were forgotten
 */
export function createForgetAccountsHandler(deps: {
  accounts: UnconfirmedAccounts;
  userPoolIds: readonly string[];
  now: () => Instant;
}) {
  const { accounts, userPoolIds, now } = deps;
  return async (): Promise<{ forgotten: number }> => {
    const begunBefore = now() - KEPT_MS;
    let forgotten = 0;
    for (const userPoolId of userPoolIds) {
      for await (const page of accounts.listUnconfirmed(userPoolId)) {
        for (const { username, createdAt } of page) {
          if (createdAt >= begunBefore) continue;
          await accounts.remove(userPoolId, username);
          forgotten += 1;
        }
      }
    }
    return { forgotten };
  };
}
