import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CardStatuses } from '../../domain/ledger/card-status.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import { createCommandHandler } from './command.ts';

export interface CardStatusDependencies {
  store: CommandStore<{ books: LedgerBooks; cardStatuses: CardStatuses }>;
  ids: IdSource;
}

/**
 * Blocks a card, or unblocks it; the reason goes into the audit log. Done twice it is done once.
 * Outcomes: `completed`, or `declined` as `unknown-card` or `card-closed`.
 */
export function createCardStatusHandler<Name extends 'block-card' | 'unblock-card'>(
  dependencies: CardStatusDependencies,
  status: 'active' | 'blocked',
) {
  return createCommandHandler<Name, { books: LedgerBooks; cardStatuses: CardStatuses }>(
    dependencies,
    async ({ books, cardStatuses }, { businessId, payload }) => {
      const { cardId, reason } = payload;
      const card = await books.lockCard(businessId, cardId);
      if (!card) return { status: 'declined', code: 'unknown-card', subjectId: cardId };
      if (card.status === 'merged' || card.status === 'closed') {
        return { status: 'declined', code: 'card-closed', subjectId: cardId };
      }
      await cardStatuses.set(businessId, cardId, status);
      return {
        status: 'completed',
        transactionId: null,
        result: { card: { id: cardId, status } },
        subjectId: cardId,
        auditDetail: { reason },
      };
    },
  );
}
