import { stores } from '../../resources/stores.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/stores/{id}` */
export function getStoreRoute(deps: ResourceDependencies) {
  return getResource(deps, stores, { name: 'get-store', summary: 'One store' });
}
