import { apiKeys } from '../../resources/api-keys.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/api-keys/{id}` */
export function getApiKeyRoute(deps: ResourceDependencies) {
  return getResource(deps, apiKeys, {
    name: 'get-api-key',
    summary: 'One key, without its secret',
  });
}
