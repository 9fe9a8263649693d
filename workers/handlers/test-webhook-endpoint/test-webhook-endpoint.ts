import { webhookBody, webhookTest } from '../../../queues/events/webhook-body.ts';
import { refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import type { WebhookDependencies, WebhookRepos } from '../webhook-work.ts';

/**
 * Sends an event that nothing happened for, through everything that real ones go through. Outcomes:
 * `completed` with the delivery's id, `not-found`, `wrong-state` for an endpoint that is not active.
 */
export function createTestWebhookEndpointHandler({ store, ids }: WebhookDependencies) {
  return createCommandHandler<'test-webhook-endpoint', WebhookRepos>(
    { store, ids },
    async ({ setup, webhooks }, { businessId, payload: { endpointId }, receivedAt }) => {
      const endpoint = await setup.webhookEndpoints.lock(businessId, endpointId);
      if (!endpoint || endpoint.status === 'removed') return refuse('not-found');
      if (endpoint.status === 'disabled') return refuse('wrong-state', 'Enable it first.');
      const event = { id: ids.id('evt'), type: webhookTest.type, data: { endpointId } };
      const delivery = { ...event, body: webhookBody(event) };
      await webhooks.add({ businessId, endpointId }, delivery, Date.parse(receivedAt));
      return {
        status: 'completed',
        transactionId: null,
        result: { delivery: { id: event.id, endpointId, type: event.type } },
        subjectId: endpointId,
      };
    },
  );
}
