import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';

/**
 * Takes a tag off a customer; one that is not there is no mistake. Outcomes: `completed` with the
 * id, or `declined` as `unknown-customer` or `customer-merged`.
 */
export function createUntagCustomerHandler(dependencies: CustomerDependencies) {
  return createCommandHandler<'untag-customer', CustomerRepos>(
    dependencies,
    async ({ customers }, { businessId, payload }) => {
      const { customerId, tag } = payload;
      const found = await lockCustomer(customers, businessId, customerId);
      if ('declined' in found) return found.declined;
      await customers.removeTag(businessId, customerId, tag);
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
