import { z } from 'zod';
import { createWebhookEndpoint } from '../../../queues/commands/create-webhook-endpoint.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';
import { webhookEndpoints } from '../../resources/webhook-endpoints.ts';
import { checkUrl, secretFor, type WebhookDependencies } from '../../webhooks.ts';

/** `POST /v1/admin/webhook-endpoints` */
export function createWebhookEndpointRoute(deps: ResourceDependencies & WebhookDependencies) {
  return createResource(deps, webhookEndpoints, {
    command: createWebhookEndpoint,
    summary: 'Have a server told what happens',
    description:
      'Events are posted to it as Standard Webhooks (https://www.standardwebhooks.com), signed with ' +
      'the `secret` that is in this answer and in no other. Answer 2xx within 15 seconds; anything ' +
      'else is tried again, ten times within 76 hours, and `Retry-After` is honoured. An event may ' +
      'come twice and in another order: `webhook-id` tells repeats, `sequence` in the data of card ' +
      'events tells order and gaps. Redirects are not followed. 410 disables the endpoint, as do ' +
      'five days in which nothing arrives.',
    once: { secret: z.string() },
    prepare(body: z.output<typeof createWebhookEndpoint.body>, { principal, headers }) {
      checkUrl(deps, body.url);
      const key = headers.idempotencyKey;
      const command = createWebhookEndpoint.name;
      const { secret, sealedSecret } = secretFor(deps.webhookSecrets, { command, principal, key });
      // Sealed differently each time.
      return { payload: { ...body, sealedSecret }, compared: body, once: { secret } };
    },
  });
}
