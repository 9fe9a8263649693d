import { addRecord, refuse, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { findFault, openProfile, type StaffDependencies } from '../staff-work.ts';

/**
 * Puts somebody on the staff; they are invited until they first sign in with their e-mail. Outcomes:
 * `completed`, `owner-of-some-stores`, `unknown-store`, `staff-email-in-use`.
 */
export function createCreateStaffHandler(dependencies: StaffDependencies) {
  const { ids, personal } = dependencies;
  return createCommandHandler<'create-staff', SetupRepos>(
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
      return addRecord(setup.staff, message, { id: ids.id('stf'), fields, audit });
    },
  );
}
