import { KEPT_MS } from '../../../domain/webhooks/retry.ts';
import { refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import type { WebhookDependencies, WebhookRepos } from '../webhook-work.ts';

/**
 * Sends again what happened from an instant on. Outcomes: `completed` with how many, `not-found`,
 * `wrong-state` for an endpoint that is not active, `too-old-to-replay`.
 */
export function createReplayWebhooksHandler({ store, ids }: WebhookDependencies) {
  return createCommandHandler<'replay-webhooks', WebhookRepos>(
    { store, ids },
    async ({ setup, webhooks }, { businessId, payload, receivedAt }) => {
      const { endpointId, only } = payload;
      const at = Date.parse(receivedAt);
      const since = Date.parse(payload.since);
      const endpoint = await setup.webhookEndpoints.lock(businessId, endpointId);
      if (!endpoint || endpoint.status === 'removed') return refuse('not-found');
      if (endpoint.status === 'disabled') return refuse('wrong-state', 'Enable it first.');
      if (at - since > KEPT_MS) return refuse('too-old-to-replay');
      const deliveries = await webhooks.resend({ businessId, endpointId }, { since, only }, at);
      return {
        status: 'completed',
        transactionId: null,
        result: { replay: { endpointId, deliveries } },
        subjectId: endpointId,
        auditDetail: { since: payload.since, only, deliveries },
      };
    },
  );
}
