import { addRecord, refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import {
  findFault,
  openProfile,
  type StaffDependencies,
  type StaffRepos,
  staffInvited,
} from '../staff-work.ts';

/**
 * Puts somebody on the staff; they are invited until they first sign in with their e-mail. Outcomes:
 * `completed`, `owner-of-some-stores`, `unknown-store`, `staff-email-in-use`.
 */
export function createCreateStaffHandler(dependencies: StaffDependencies) {
  const { ids, personal } = dependencies;
  return createCommandHandler<'create-staff', StaffRepos>(
    dependencies,
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      await transaction.exclusively(businessId);
      const { role, storeIds = null } = payload;
      const { name, email, phone = null } = openProfile(personal, payload.sealed);
      if (name === undefined || email === undefined) return refuse('validation-failed');
      const fields = { name, email, phone, role, storeIds };
      const fault = await findFault(setup, businessId, fields);
      if (fault) return fault;
      const audit = { role, storeIds };
      const id = ids.id('stf');
      await transaction.facts.publish(businessId, [staffInvited(id, ids)]);
      return addRecord(setup.staff, message, { id, fields, audit });
    },
  );
}
