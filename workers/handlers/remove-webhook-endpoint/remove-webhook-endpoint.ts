import { changeRecord, refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import type { WebhookDependencies, WebhookRepos } from '../webhook-work.ts';

/**
 * Takes an endpoint away for good; its deliveries can be looked at until they are forgotten. Outcomes:
 * `completed`, `not-found`, `precondition-failed`, `wrong-state` for one that was removed before.
 */
export function createRemoveWebhookEndpointHandler(dependencies: WebhookDependencies) {
  return createCommandHandler<'remove-webhook-endpoint', WebhookRepos>(
    dependencies,
    ({ setup, webhooks }, message) => {
      const { businessId, payload } = message;
      const at = Date.parse(message.receivedAt);
      return changeRecord(setup.webhookEndpoints, message, async (_, { status }) => {
        if (status === 'removed') return refuse('wrong-state', 'It was removed before.');
        await webhooks.hold({ businessId, endpointId: payload.id }, at);
        return { status: 'removed', previousSecret: null, previousUntil: null };
      });
    },
  );
}
