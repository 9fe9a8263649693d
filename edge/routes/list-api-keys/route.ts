import { apiKeys } from '../../resources/api-keys.ts';
import { listResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/api-keys` */
export function listApiKeysRoute(deps: ResourceDependencies) {
  return listResource(deps, apiKeys, {
    name: 'list-api-keys',
    summary: 'All keys, without their secrets',
  });
}
