import { MAX_TAGS } from '../../../queues/personal.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';

/**
 * Puts a tag on a customer; one that is there already stays. Outcomes: `completed` with the id, or
 * `declined` as `unknown-customer`, `customer-merged` or `too-many-tags`.
 */
export function createTagCustomerHandler(dependencies: CustomerDependencies) {
  return createCommandHandler<'tag-customer', CustomerRepos>(
    dependencies,
    async ({ customers }, { businessId, payload }) => {
      const { customerId, tag } = payload;
      const found = await lockCustomer(customers, businessId, customerId);
      if ('declined' in found) return found.declined;
      const { tags } = found.customer;
      if (!tags.includes(tag) && tags.length >= MAX_TAGS) {
        return { status: 'declined', code: 'too-many-tags', subjectId: customerId };
      }
      await customers.addTags(businessId, customerId, [tag]);
      return {
        status: 'completed',
        transactionId: null,
        result: { customer: { id: customerId } },
        subjectId: customerId,
        auditDetail: { tag },
      };
    },
  );
}
