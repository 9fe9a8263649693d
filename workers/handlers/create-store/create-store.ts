import { addRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Adds a store to a brand. Outcomes: `completed`, `unknown-brand`, `external-id-taken`. */
export function createCreateStoreHandler({ store, ids }: SetupDependencies) {
  return createCommandHandler<'create-store', SetupRepos>(
    { store, ids },
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      await transaction.exclusively(businessId);
      const brand = await setup.brands.lock(businessId, payload.brandId);
      if (!brand) return refuse('unknown-brand');
      const { externalId } = payload;
      if (externalId && (await setup.stores.count(businessId, { externalId })) > 0) {
        return refuse('external-id-taken');
      }
      return addRecord(setup.stores, message, { id: ids.id('sto'), fields: payload });
    },
  );
}
