import { z } from 'zod';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Identities } from '../../../domain/members/identities.ts';
import { claimedProfile, newProfile } from '../../../domain/members/join.ts';
import { sealedJoining } from '../../../queues/commands/join-business.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';

type Repos = CustomerRepos & { identities: Identities };

/**
 * Makes somebody who has signed in a customer. Whoever has proved the e-mail or phone of a customer
 * that a till or the office wrote down is that customer; e-mail before phone. Outcomes: `completed`
 * with the customer's id, or `declined` as `unknown-business`. Joining again changes what they told.
 */
export function createJoinBusinessHandler(
  dependencies: Omit<CustomerDependencies, 'store'> & { store: CommandStore<Repos> },
) {
  const { ids, personal } = dependencies;
  return createCommandHandler<'join-business', Repos>(
    dependencies,
    async (transaction, message) => {
      const { books, customers, facts, identities } = transaction;
      const { businessId, payload } = message;
      const { subject } = payload;
      const { told, proven } = z.parse(sealedJoining, personal.open(payload.sealed));
      if (!(await books.loadConfig(businessId))) {
        return { status: 'declined', code: 'unknown-business' };
      }
      // Two first calls of one person must not make two customers of them.
      await transaction.exclusively(`join:${businessId}:${subject}`);
      const email = proven.email ?? null;
      const phone = proven.phone ?? null;
      const matches = await identities.findByContact(businessId, { email, phone });
      const knownId = (await identities.findCustomer(businessId, subject)) ?? matches[0];
      const customerId = knownId ?? ids.id('cus');
      const done = (isNew: boolean) =>
        ({
          status: 'completed',
          transactionId: null,
          result: { customer: { id: customerId }, isNew },
          subjectId: customerId,
        }) as const;

      if (knownId === undefined) {
        const profile = newProfile(told, proven);
        await customers.insert(businessId, { id: customerId, profile });
        await facts.publish(businessId, [
          { id: ids.id('evt'), type: 'customer.enrolled', data: { customerId, storeId: null } },
        ]);
      } else {
        const found = await lockCustomer(customers, businessId, customerId);
        if ('declined' in found) return found.declined;
        const isTaken = () => matches.some((id) => id !== customerId);
        const profile = claimedProfile(found.customer.profile, told, proven, isTaken);
        await customers.save(businessId, { id: customerId, profile });
      }
      await identities.link(businessId, subject, customerId);
      return done(knownId === undefined);
    },
  );
}
