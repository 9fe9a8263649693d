import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { OperationLog } from '../../../domain/operations/operation-log.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { Handler } from '../handler.ts';

/** Writes the log of what operators did. Outcome: always `completed`. */
export function createNoteOperationHandler(deps: {
  store: CommandStore<{ operations: OperationLog }>;
}): Handler<'note-operation'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { id, payload, receivedAt } of messages) {
      const { reason = null, ...rest } = payload;
      await deps.store.transact(({ operations }) =>
        operations.note({ id, ...rest, reason, askedAt: Date.parse(receivedAt) }),
      );
      outcomes.push({ status: 'completed', transactionId: null });
    }
    return outcomes;
  };
}
