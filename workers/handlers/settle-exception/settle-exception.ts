import type { ExceptionBooks } from '../../../domain/exceptions/exception-books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Notes that somebody has dealt with an exception. Outcomes: `completed`, or `declined` as
 * `exception-not-found` or `exception-settled`.
 */
export function createSettleExceptionHandler(dependencies: {
  store: CommandStore<{ exceptions: ExceptionBooks }>;
  ids: IdSource;
}) {
  return createCommandHandler<'settle-exception', { exceptions: ExceptionBooks }>(
    dependencies,
    async ({ exceptions }, message) => {
      const { businessId, principal, payload } = message;
      const { exceptionId: subjectId, note } = payload;
      const found = await exceptions.lock(businessId, subjectId);
      if (!found) return { status: 'declined', code: 'exception-not-found', subjectId };
      if (found.isSettled) return { status: 'declined', code: 'exception-settled', subjectId };
      const by = `${principal.kind}:${principal.id}`;
      await exceptions.settle(businessId, subjectId, {
        at: Date.parse(message.receivedAt),
        by,
        note,
      });
      return {
        status: 'completed',
        transactionId: null,
        result: { exception: { id: subjectId, settledBy: by, note } },
        subjectId,
        auditDetail: { note },
      };
    },
  );
}
