import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { Handler } from './handler.ts';

/** Rows that one transaction removes. */
const AT_ONCE = 2_000;

/**
 * A handler that removes what is older than its message says, some at once until none is left.
 * Outcome: always `completed`.
 * @param forget removes at most `limit` rows and answers how many
 */
export function createForgetHandler<Repos>(
  { store }: { store: CommandStore<Repos> },
  forget: (
    repos: Repos,
    of: { businessId: BusinessId; before: Instant; limit: number },
  ) => Promise<number>,
): Handler<'forget-mails' | 'forget-webhook-deliveries'> {
  return async (messages) => {
    for (const { businessId, payload } of messages) {
      const work = { businessId, before: Date.parse(payload.before), limit: AT_ONCE };
      let forgotten = AT_ONCE;
      while (forgotten === AT_ONCE) {
        forgotten = await store.transact((repos) => forget(repos, work));
      }
    }
    return messages.map(() => ({ status: 'completed', transactionId: null }));
  };
}
