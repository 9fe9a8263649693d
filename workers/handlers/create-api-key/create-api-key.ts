import { addRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Two at once, so that an integration can change over without a gap. */
const MAX_LIVE_KEYS = 2;

/**
 * Adds a key by its hash; the secret never comes this far. Outcomes: `completed`, `unknown-store`,
 * `too-many-keys` when the integration has two live ones.
 */
export function createCreateApiKeyHandler({ store, ids }: SetupDependencies) {
  return createCommandHandler<'create-api-key', SetupRepos>(
    { store, ids },
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      await transaction.exclusively(businessId);
      const unknown = await setup.unknownStores(businessId, payload.storeIds ?? []);
      if (unknown.length > 0) return refuse('unknown-store', `There is no store ${unknown[0]}.`);
      const { integration } = payload;
      const live = await setup.apiKeys.count(businessId, { integration, revokedAt: null });
      if (live >= MAX_LIVE_KEYS) return refuse('too-many-keys');
      const { secretHash: _, ...audit } = payload;
      return addRecord(setup.apiKeys, message, { id: ids.id('key'), fields: payload, audit });
    },
  );
}
