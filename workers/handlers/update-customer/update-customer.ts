import { z } from 'zod';
import { changeProfile } from '../../../domain/customers/customer.ts';
import { sealedProfileChange } from '../../../queues/commands/update-customer.ts';
import { createCommandHandler } from '../command.ts';
import {
  type CustomerDependencies,
  type CustomerRepos,
  lockCustomer,
  TAKEN,
} from '../customer-work.ts';

/**
 * Changes what is known of a customer. Outcomes: `completed` with the id, or `declined` as
 * `unknown-customer`, `customer-merged`, `phone-in-use`, `email-in-use` or `external-id-in-use`.
 */
export function createUpdateCustomerHandler(dependencies: CustomerDependencies) {
  return createCommandHandler<'update-customer', CustomerRepos>(
    dependencies,
    async ({ customers }, message) => {
      const { businessId, payload } = message;
      const subjectId = payload.customerId;
      const found = await lockCustomer(customers, businessId, payload.customerId);
      if ('declined' in found) return found.declined;
      const change = z.parse(sealedProfileChange, dependencies.personal.open(payload.sealed));
      const profile = changeProfile(found.customer.profile, change);
      const taken = await customers.findTaken(businessId, profile, payload.customerId);
      if (taken) return { status: 'declined', code: TAKEN[taken], subjectId };
      await customers.save(businessId, { id: payload.customerId, profile });
      return {
        status: 'completed',
        transactionId: null,
        result: { customer: { id: payload.customerId } },
        subjectId,
        // Which fields, not what they say: the log outlives the person's data.
        auditDetail: { fields: Object.keys(change) },
      };
    },
  );
}
