import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { IdSource, JobId } from '../../../domain/values/ids.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { Handler } from '../handler.ts';
import type { RefundRepos } from '../refund-purchase/refund-transaction.ts';
import { lookAgain } from '../refund-purchase/refund-purchase.ts';

export interface ExpireWaitingRefundsDependencies {
  store: CommandStore<RefundRepos>;
  ids: IdSource;
}

/** Refunds read at once; each is settled in a transaction of its own. */
const PAGE = 100;

/**
 * Gives up refunds whose sale did not come in time and puts them before a person; and settles any
 * whose sale is there after all, should it ever have been missed. Idempotent, and may stop half-way.
 * Outcome: always `completed`, with how many it dealt with.
 */
export function createExpireWaitingRefundsHandler(
  dependencies: ExpireWaitingRefundsDependencies,
): Handler<'expire-waiting-refunds'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId, payload } of messages) {
      const now = Date.parse(payload.at);
      const alsoEnded: JobId[] = [];
      for (;;) {
        const ripe = await dependencies.store.transact(({ refunds }) =>
          refunds.findRipe(businessId, now, PAGE),
        );
        for (const refund of ripe) {
          const outcome = await lookAgain(dependencies, { ...refund, now });
          if (outcome.status !== 'waiting') alsoEnded.push(refund.jobId);
        }
        if (ripe.length < PAGE) break;
      }
      const result = { refunds: alsoEnded.length };
      outcomes.push({ status: 'completed', transactionId: null, result, alsoEnded });
    }
    return outcomes;
  };
}
