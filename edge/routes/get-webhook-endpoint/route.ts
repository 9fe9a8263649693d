import { getResource, type ResourceDependencies } from '../../resources/resource.ts';
import { webhookEndpoints } from '../../resources/webhook-endpoints.ts';

/** `GET /v1/admin/webhook-endpoints/{id}` */
export function getWebhookEndpointRoute(deps: ResourceDependencies) {
  return getResource(deps, webhookEndpoints, {
    name: 'get-webhook-endpoint',
    summary: 'One endpoint, without its secret',
  });
}
