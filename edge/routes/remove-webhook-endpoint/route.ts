import { removeWebhookEndpoint } from '../../../queues/commands/remove-webhook-endpoint.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { webhookEndpoints } from '../../resources/webhook-endpoints.ts';

/** `DELETE /v1/admin/webhook-endpoints/{id}` */
export function removeWebhookEndpointRoute(deps: ResourceDependencies) {
  return changeResource(deps, webhookEndpoints, {
    command: removeWebhookEndpoint,
    summary: 'Take an endpoint away for good',
    method: 'delete',
  });
}
