import { storeSchema } from '../views/store.ts';
import { defineResource } from './resource.ts';

/** A place that sells, of one brand. */
export const stores = defineResource({
  kind: 'sto',
  path: '/v1/admin/stores',
  schema: storeSchema,
  permissions: { read: 'stores:read', write: 'stores:write' },
  reader: (setup) => setup.stores,
});
