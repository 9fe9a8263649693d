import { changeRecord, refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import {
  findFault,
  isLastOwner,
  openProfile,
  type StaffDependencies,
  type StaffRepos,
  staffInvited,
} from '../staff-work.ts';

/**
 * Changes what somebody on the staff may, or how they are reached. Who has not come yet is invited
 * anew when their address changes. Outcomes: `completed`,
 * `not-found`, `precondition-failed`, `wrong-state` for somebody removed, `last-owner`,
 * `owner-of-some-stores`, `unknown-store`, `staff-email-in-use`.
 */
export function createUpdateStaffHandler(dependencies: StaffDependencies) {
  return createCommandHandler<'update-staff', StaffRepos>(
    dependencies,
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      const { id, sealed, role, storeIds } = payload;
      await transaction.exclusively(businessId);
      const profile = openProfile(dependencies.personal, sealed);
      const audit = { role, storeIds, changed: Object.keys(profile) };
      const decide = async (member: NonNullable<Awaited<ReturnType<typeof setup.staff.lock>>>) => {
        if (member.removedAt !== null) return refuse('wrong-state', 'They have been removed.');
        const given = { ...profile, role, storeIds };
        const next = { ...member, ...defined(given) };
        if (next.role !== 'owner' && (await isLastOwner(setup, businessId, { ...member, id }))) {
          return refuse('last-owner');
        }
        const fault = await findFault(setup, businessId, { ...next, id });
        if (fault) return fault;
        if (member.subject === null && next.email !== member.email) {
          await transaction.facts.publish(businessId, [staffInvited(id, dependencies.ids)]);
        }
        return given;
      };
      return changeRecord(setup.staff, message, (_, member) => decide(member), audit);
    },
  );
}

/** Without the fields that are left out. */
function defined<Fields extends object>(fields: Fields) {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [F in keyof Fields]?: Exclude<Fields[F], undefined> };
}
