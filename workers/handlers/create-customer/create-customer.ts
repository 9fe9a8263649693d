import { z } from 'zod';
import { changeProfile, NOBODY } from '../../../domain/customers/customer.ts';
import { openCards } from '../../../domain/customers/open-card.ts';
import { sealedProfile } from '../../../queues/commands/create-customer.ts';
import { createCommandHandler } from '../command.ts';
import {
  cardsOpened,
  type CustomerDependencies,
  type CustomerRepos,
  presentHeldCard,
  TAKEN,
} from '../customer-work.ts';

/**
 * Records a customer and opens their cards. Outcomes: `completed` with the ids, or `declined` as
 * `phone-in-use`, `email-in-use`, `external-id-in-use` or `unknown-program` (also for a program that has not begun). What is personal is
 * not in the outcome: outcomes are kept when a customer is erased.
 */
export function createCreateCustomerHandler(dependencies: CustomerDependencies) {
  const { ids, personal } = dependencies;
  return createCommandHandler<'create-customer', CustomerRepos>(
    dependencies,
    async ({ books, customers, facts }, message) => {
      const { businessId, payload } = message;
      const profile = changeProfile(NOBODY, z.parse(sealedProfile, personal.open(payload.sealed)));
      const taken = await customers.findTaken(businessId, profile, null);
      if (taken) return { status: 'declined', code: TAKEN[taken] };

      const customerId = ids.id('cus');
      const at = Date.parse(message.receivedAt);
      const programs = (await books.loadConfig(businessId))?.programs ?? [];
      const wanted = { customerId, programIds: payload.programIds, at };
      const cards = openCards(wanted, { programs, held: [] }, ids);
      if (!cards) return { status: 'declined', code: 'unknown-program' };
      await customers.insert(businessId, { id: customerId, profile });
      await customers.addTags(businessId, customerId, payload.tags);
      await books.openCards(businessId, cards);
      await facts.publish(businessId, [
        { id: ids.id('evt'), type: 'customer.enrolled', data: { customerId, storeId: null } },
        ...cardsOpened(cards, ids),
      ]);
      return {
        status: 'completed',
        transactionId: null,
        result: { customer: { id: customerId, cards: cards.map(presentHeldCard) } },
        subjectId: customerId,
      };
    },
  );
}
