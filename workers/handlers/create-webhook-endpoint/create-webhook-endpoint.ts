import { MAX_ENDPOINTS } from '../../../domain/webhooks/endpoint.ts';
import { addRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Adds an endpoint, which is told what happens from then on. Outcomes: `completed`, `too-many-endpoints`. */
export function createCreateWebhookEndpointHandler({ store, ids }: SetupDependencies) {
  return createCommandHandler<'create-webhook-endpoint', SetupRepos>(
    { store, ids },
    async (transaction, message) => {
      const { setup } = transaction;
      const { businessId, payload } = message;
      await transaction.exclusively(businessId);
      const [active, disabled] = await Promise.all([
        setup.webhookEndpoints.count(businessId, { status: 'active' }),
        setup.webhookEndpoints.count(businessId, { status: 'disabled' }),
      ]);
      if (active + disabled >= MAX_ENDPOINTS) return refuse('too-many-endpoints');
      const { sealedSecret, ...audit } = payload;
      const fields = { ...audit, secret: sealedSecret };
      return addRecord(setup.webhookEndpoints, message, { id: ids.id('whe'), fields, audit });
    },
  );
}
