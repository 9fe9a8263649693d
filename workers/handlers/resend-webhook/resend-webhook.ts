import { refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import type { WebhookDependencies, WebhookRepos } from '../webhook-work.ts';

/**
 * Sends one delivery again, however it ended. Outcomes: `completed`, `not-found`, `wrong-state` for
 * an endpoint that is not active.
 */
export function createResendWebhookHandler({ store, ids }: WebhookDependencies) {
  return createCommandHandler<'resend-webhook', WebhookRepos>(
    { store, ids },
    async ({ setup, webhooks }, { businessId, payload, receivedAt }) => {
      const { endpointId, deliveryId } = payload;
      const endpoint = await setup.webhookEndpoints.lock(businessId, endpointId);
      if (!endpoint || endpoint.status === 'removed') return refuse('not-found');
      if (endpoint.status === 'disabled') return refuse('wrong-state', 'Enable it first.');
      const target = { businessId, endpointId };
      const sent = await webhooks.resend(target, { id: deliveryId }, Date.parse(receivedAt));
      if (sent === 0) return refuse('not-found');
      return {
        status: 'completed',
        transactionId: null,
        result: { delivery: { id: deliveryId, endpointId } },
        subjectId: endpointId,
        auditDetail: { deliveryId },
      };
    },
  );
}
