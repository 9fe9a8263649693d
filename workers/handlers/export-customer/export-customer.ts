import { DAY_MS } from '../../../domain/values/time.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';

/**
 * Notes that somebody of the business may fetch all that is held about a customer, and who asked. The
 * document itself is read when it is fetched: nothing personal lies about meanwhile. Outcomes:
 * `completed`, or `declined` as `unknown-customer` or `customer-merged`.
 */
export function createExportCustomerHandler(dependencies: CustomerDependencies) {
  return createCommandHandler<'export-customer', CustomerRepos>(
    dependencies,
    async ({ customers }, message) => {
      const { businessId, payload, id } = message;
      const { customerId } = payload;
      const found = await lockCustomer(customers, businessId, customerId);
      if ('declined' in found) return found.declined;
      const expiresAt = new Date(Date.parse(message.receivedAt) + DAY_MS).toISOString();
      return {
        status: 'completed',
        transactionId: null,
        result: { export: { id, customerId, expiresAt } },
        subjectId: customerId,
      };
    },
  );
}
