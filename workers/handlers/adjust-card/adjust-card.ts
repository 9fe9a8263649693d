import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CounterBooks } from '../../../domain/counter/counter-books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Approvals } from '../../../domain/tenancy/approval.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { createCommandHandler } from '../command.ts';
import { makeAdjustment } from './make-adjustment.ts';

interface Repos {
  books: LedgerBooks;
  counter: CounterBooks;
  approvals: Approvals;
}

/**
 * Puts an amount on a card or takes it off, with a reason. Outcomes: `completed` with the card's new
 * balance; `waiting` for a second person when it is more than the business's limit; or `declined` as
 * `unknown-card`, `self-award`, `card-closed`, `insufficient-balance`, or `fraction-of-a-stamp`.
 */
export function createAdjustCardHandler(dependencies: {
  store: CommandStore<Repos>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'adjust-card', Repos>(
    dependencies,
    async ({ books, counter, approvals }, message) => {
      const { id: jobId, businessId, payload, principal, requestHash } = message;
      const { kind, id } = principal;
      const at = Date.parse(message.receivedAt);
      const request = { businessId, payload, principal: { kind, id }, jobId, requestHash, at };
      const outcome = await makeAdjustment(
        { books, counter, ids },
        request,
        (whole, limit) => limit !== null && whole > limit,
      );
      if (outcome.status !== 'waiting') return outcome;
      await approvals.request({
        id: ids.id('apr'),
        businessId,
        kind: message.type,
        payload,
        jobId,
        requestHash,
        subjectId: payload.cardId,
        requestedBy: { kind, id },
        requestedAt: at,
      });
      return {
        ...outcome,
        auditDetail: { amount: payload.amount, reason: payload.reason, waitsFor: 'approval' },
      };
    },
  );
}
