import { openCards } from '../../../domain/customers/open-card.ts';
import { createCommandHandler } from '../command.ts';
import {
  cardsOpened,
  type CustomerDependencies,
  type CustomerRepos,
  lockCustomer,
  presentHeldCard,
} from '../customer-work.ts';

/**
 * Opens a customer's card in a program, or answers with the one they have. Outcomes: `completed`
 * with the card, or `declined` as `unknown-customer`, `customer-merged` or `unknown-program` (also
 * for a program that has not begun).
 */
export function createOpenCardHandler(dependencies: CustomerDependencies) {
  const { ids } = dependencies;
  return createCommandHandler<'open-card', CustomerRepos>(
    dependencies,
    async ({ books, customers, facts }, message) => {
      const { businessId, payload } = message;
      const { customerId, programId } = payload;
      // Cards before customers, as a sale takes its locks.
      await books.lockCards(businessId, [customerId]);
      const found = await lockCustomer(customers, businessId, customerId);
      if ('declined' in found) return found.declined;
      const at = Date.parse(message.receivedAt);
      const programs = (await books.loadConfig(businessId))?.programs ?? [];
      const held = await books.lockCards(businessId, [customerId]);
      const wanted = { customerId, programIds: [programId], at };
      const opened = openCards(wanted, { programs, held }, ids);
      const card = [...(opened ?? []), ...held].find((c) => c.programId === programId);
      if (!opened || !card) {
        return { status: 'declined', code: 'unknown-program', subjectId: customerId };
      }
      await books.openCards(businessId, opened);
      await facts.publish(businessId, cardsOpened(opened, ids));
      return {
        status: 'completed',
        transactionId: null,
        result: { card: { ...presentHeldCard(card), isNew: opened.length > 0 } },
        subjectId: customerId,
        auditDetail: { programId, cardId: card.id },
      };
    },
  );
}
