import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { isLastOwner } from '../staff-work.ts';

/**
 * Takes somebody off the staff; their row stays, because the audit log names them. Outcomes:
 * `completed`, `not-found`, `precondition-failed`, `wrong-state` for somebody removed already,
 * `last-owner`.
 */
export function createRemoveStaffHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'remove-staff', SetupRepos>(
    dependencies,
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      await transaction.exclusively(businessId);
      return changeRecord(setup.staff, message, async (_, member) => {
        if (member.removedAt !== null) return refuse('wrong-state', 'They are removed already.');
        const { role } = member;
        const isLast = await isLastOwner(setup, businessId, { id: payload.id, role });
        return isLast ? refuse('last-owner') : { removedAt: Date.parse(message.receivedAt) };
      });
    },
  );
}
