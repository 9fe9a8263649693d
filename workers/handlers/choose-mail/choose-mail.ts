import type { StaffId } from '../../../domain/values/ids.ts';
import { STAFF_MAILS } from '../../../domain/values/mail-kinds.ts';
import { refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Notes which mail whoever sent it does not want. Outcomes: `completed`, `not-found`. */
export function createChooseMailHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'choose-mail', SetupRepos>(
    dependencies,
    async ({ setup }, { businessId, principal, payload }) => {
      const id = principal.id as StaffId;
      const member = principal.kind === 'staff' && (await setup.staff.lock(businessId, id));
      if (!member || member.removedAt !== null) return refuse('not-found');
      const mailRefusals = STAFF_MAILS.filter((kind) => payload.mailRefusals.includes(kind));
      const revision = await setup.staff.change(businessId, id, { mailRefusals });
      return {
        status: 'completed',
        transactionId: null,
        result: { id, revision },
        subjectId: id,
        auditDetail: { mailRefusals },
      };
    },
  );
}
