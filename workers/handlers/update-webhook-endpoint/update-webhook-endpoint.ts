import type { WebhookEndpointFields } from '../../../domain/webhooks/endpoint.ts';
import { changeRecord, refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import type { WebhookDependencies, WebhookRepos } from '../webhook-work.ts';

/**
 * Changes an endpoint, or switches it off and on. What waits goes to the new address; what a disabled
 * one was not sent can be replayed. Outcomes: `completed`, `not-found`, `precondition-failed`,
 * `wrong-state` for one that was removed.
 */
export function createUpdateWebhookEndpointHandler(dependencies: WebhookDependencies) {
  return createCommandHandler<'update-webhook-endpoint', WebhookRepos>(
    dependencies,
    ({ setup, webhooks }, message) => {
      const { businessId, payload } = message;
      const at = Date.parse(message.receivedAt);
      return changeRecord(setup.webhookEndpoints, message, async (changes, endpoint) => {
        if (endpoint.status === 'removed') return refuse('wrong-state', 'It was removed.');
        const { status, ...fields } = changes;
        if (status === undefined || status === endpoint.status) return fields;
        if (status === 'disabled') await webhooks.hold({ businessId, endpointId: payload.id }, at);
        return { ...fields, ...switched(status, at) };
      });
    },
  );
}

function switched(status: 'active' | 'disabled', at: number): Partial<WebhookEndpointFields> {
  return status === 'active'
    ? { status, disabledReason: null, disabledAt: null, failingSince: null }
    : { status, disabledReason: 'staff', disabledAt: at };
}
