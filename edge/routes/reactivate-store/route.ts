import { reactivateStore } from '../../../queues/commands/reactivate-store.ts';
import { stores } from '../../resources/stores.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/stores/{id}/reactivate` */
export function reactivateStoreRoute(deps: ResourceDependencies) {
  return changeResource(deps, stores, {
    command: reactivateStore,
    summary: 'Open a closed store again',
    action: 'reactivate',
  });
}
