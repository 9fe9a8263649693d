import { apiKeySchema } from '../views/api-key.ts';
import { defineResource } from './resource.ts';

/** What a till or a server signs in with; its secret is shown once. */
export const apiKeys = defineResource({
  kind: 'key',
  path: '/v1/admin/api-keys',
  schema: apiKeySchema,
  permissions: { read: 'keys:read', write: 'keys:write' },
  reader: (setup) => setup.apiKeys,
});
