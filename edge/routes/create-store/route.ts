import { createStore } from '../../../queues/commands/create-store.ts';
import { stores } from '../../resources/stores.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/stores` */
export function createStoreRoute(deps: ResourceDependencies) {
  return createResource(deps, stores, {
    command: createStore,
    summary: 'Add a store',
  });
}
