import { updateStore } from '../../../queues/commands/update-store.ts';
import { stores } from '../../resources/stores.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PATCH /v1/admin/stores/{id}` */
export function updateStoreRoute(deps: ResourceDependencies) {
  return changeResource(deps, stores, {
    command: updateStore,
    summary: 'Change a store',
    description: 'Sales posted from then on are judged by its new zone and day start.',
  });
}
