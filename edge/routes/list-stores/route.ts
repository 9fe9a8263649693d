import { stores } from '../../resources/stores.ts';
import { listResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/stores` */
export function listStoresRoute(deps: ResourceDependencies) {
  return listResource(deps, stores, {
    name: 'list-stores',
    summary: 'All stores, closed ones included',
  });
}
