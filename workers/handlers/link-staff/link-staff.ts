import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Identities } from '../../../domain/members/identities.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Lets somebody who was invited, and has proved the address that was invited, in. Outcomes:
 * `completed`, or `declined` as `not-found` when the invitation was taken back or taken by another.
 */
export function createLinkStaffHandler(dependencies: {
  store: CommandStore<{ identities: Identities }>;
  ids: IdSource;
}) {
  return createCommandHandler<'link-staff', { identities: Identities }>(
    dependencies,
    async ({ identities }, message) => {
      const { staffId, subject } = message.payload;
      const isLinked = await identities.acceptInvitation(message.businessId, staffId, subject);
      if (!isLinked) return { status: 'declined', code: 'not-found', subjectId: staffId };
      return {
        status: 'completed',
        transactionId: null,
        result: { staffId },
        subjectId: staffId,
      };
    },
  );
}
