import type { z } from 'zod';
import { updateWebhookEndpoint } from '../../../queues/commands/update-webhook-endpoint.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { webhookEndpoints } from '../../resources/webhook-endpoints.ts';
import { checkUrl, type WebhookDependencies } from '../../webhooks.ts';

/** `PATCH /v1/admin/webhook-endpoints/{id}` */
export function updateWebhookEndpointRoute(
  deps: ResourceDependencies & Pick<WebhookDependencies, 'refusalOfUrl'>,
) {
  return changeResource(deps, webhookEndpoints, {
    command: updateWebhookEndpoint,
    summary: 'Change an endpoint, or switch it off and on',
    description: 'What waits goes to the new URL. While disabled nothing is sent; replay it later.',
    prepare(body: z.output<typeof updateWebhookEndpoint.body>) {
      if (body.url !== undefined) checkUrl(deps, body.url);
      return { payload: body };
    },
  });
}
