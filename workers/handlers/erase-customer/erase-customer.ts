import type { Erasure } from '../../../domain/customers/erasure.ts';
import type { BusinessId, CustomerId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';
import { closingEntry } from './closing-entry.ts';

export type EraseRepos = CustomerRepos & { erasure: Erasure };

/**
 * Forgets somebody, and whoever was merged into them. What they earned and spent stays in the books
 * under an id that means nobody; their cards are closed for good. Their phone, used again, is a new
 * customer's. Erasing twice changes nothing. Outcomes: `completed`, or `declined` as
 * `unknown-customer` or `customer-merged`.
 */
export function createEraseCustomerHandler(dependencies: CustomerDependencies<EraseRepos>) {
  const { ids } = dependencies;

  /** Ends what they hold; each card with an entry of the books, where there is anything to end. */
  async function endCards(
    { books, erasure }: EraseRepos,
    of: { businessId: BusinessId; customers: readonly CustomerId[]; at: Instant },
  ) {
    const { businessId, customers, at } = of;
    const cards = await books.lockCards(businessId, customers);
    const config = await books.loadConfig(businessId);
    const cardIds = cards.map((card) => card.id);
    const rewards = await erasure.findOpenRewards(businessId, cardIds);
    const entries = cards.flatMap((card) => {
      const program = config?.programs.find((p) => p.id === card.programId);
      if (!program) throw new Error(`no program ${card.programId}`);
      const open = rewards.filter((reward) => reward.cardId === card.id);
      if (card.balance === 0 && open.length === 0) return [];
      return [closingEntry({ businessId, card, program, rewards: open, at }, ids)];
    });
    await books.write(entries);
    await erasure.closeCards(businessId, customers);
    return cardIds;
  }

  return createCommandHandler<'erase-customer', EraseRepos>(
    dependencies,
    async (repos, message) => {
      const { books, customers, erasure, facts } = repos;
      const { businessId, payload } = message;
      const { customerId } = payload;
      const completed = {
        status: 'completed' as const,
        transactionId: null,
        result: { customer: { id: customerId } },
        subjectId: customerId,
      };
      // Cards before customers, as a sale takes its locks.
      await books.lockCards(businessId, [customerId]);
      const [before] = await customers.lock(businessId, [customerId]);
      if (before && before.erasedAt !== null) return completed;
      const found = await lockCustomer(customers, businessId, customerId);
      if ('declined' in found) return found.declined;

      const at = Date.parse(message.receivedAt);
      const all = await erasure.findAll(businessId, customerId);
      const cardIds = await endCards(repos, { businessId, customers: all, at });
      await erasure.forget(businessId, { id: customerId, customers: all, at });
      const event: OutboxEvent = {
        id: ids.id('evt'),
        type: 'customer.erased',
        data: { customerId, cardIds },
      };
      await facts.publish(businessId, [event]);
      return completed;
    },
  );
}
