import { webhookEndpointSchema } from '../views/webhook-endpoint.ts';
import { defineResource } from './resource.ts';

/** Servers of the business that are told what happens. */
export const webhookEndpoints = defineResource({
  kind: 'whe',
  path: '/v1/admin/webhook-endpoints',
  schema: webhookEndpointSchema,
  permissions: { read: 'webhooks:read', write: 'webhooks:write' },
  reader: (setup) => setup.webhookEndpoints,
});
