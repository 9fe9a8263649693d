import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Changes a store; its next sale is judged by its new zone and day start. Outcomes: `completed`,
 * `not-found`, `precondition-failed`, `external-id-taken`.
 */
export function createUpdateStoreHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'update-store', SetupRepos>(
    dependencies,
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      await transaction.exclusively(businessId);
      return changeRecord(setup.stores, message, async (changes) => {
        const { externalId } = changes;
        const others = externalId
          ? await setup.stores.count(businessId, { externalId }, payload.id)
          : 0;
        return others > 0 ? refuse('external-id-taken') : changes;
      });
    },
  );
}
