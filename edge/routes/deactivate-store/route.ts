import { deactivateStore } from '../../../queues/commands/deactivate-store.ts';
import { stores } from '../../resources/stores.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/stores/{id}/deactivate` */
export function deactivateStoreRoute(deps: ResourceDependencies) {
  return changeResource(deps, stores, {
    command: deactivateStore,
    summary: 'Close a store',
    description: 'Sales from then on are refused; earlier ones may still arrive late.',
    action: 'deactivate',
  });
}
