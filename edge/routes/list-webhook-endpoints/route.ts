import { listResource, type ResourceDependencies } from '../../resources/resource.ts';
import { webhookEndpoints } from '../../resources/webhook-endpoints.ts';

/** `GET /v1/admin/webhook-endpoints` */
export function listWebhookEndpointsRoute(deps: ResourceDependencies) {
  return listResource(deps, webhookEndpoints, {
    name: 'list-webhook-endpoints',
    summary: 'Servers that are told what happens, oldest first',
  });
}
