import { API_KEY_SCOPES } from '../../../domain/values/scopes.ts';
import type { SetupDependencies, SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** The integration of a business's first key: whoever sets the rest up. */
const FIRST_INTEGRATION = 'setup';

/**
 * Adds a business and its first key, with which it sets up the rest. Its id is the message's. Always
 * completes.
 */
export function createCreateBusinessHandler({ store, ids }: SetupDependencies) {
  return createCommandHandler<'create-business', SetupRepos>(
    { store, ids },
    async ({ setup }, message) => {
      const { businessId, payload } = message;
      const { secretHash, hint, ...fields } = payload;
      await setup.businesses.add(businessId, businessId, fields);
      const keyId = ids.id('key');
      await setup.apiKeys.add(businessId, keyId, {
        integration: FIRST_INTEGRATION,
        name: 'First key',
        secretHash,
        hint,
        scopes: API_KEY_SCOPES,
      });
      return {
        status: 'completed',
        transactionId: null,
        result: { id: businessId, revision: 1, keyId },
        subjectId: businessId,
        auditDetail: fields,
      };
    },
  );
}
