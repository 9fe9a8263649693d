import { businessSchema } from '../views/business.ts';
import { defineResource } from './resource.ts';

/** The caller's own business: there is one, and it has no list. */
export const business = defineResource({
  kind: 'biz',
  path: '/v1/admin/business',
  isOwn: true,
  schema: businessSchema,
  permissions: { read: 'business:read', write: 'business:write' },
  reader: (setup) => ({ list: async () => [], ...setup.businesses }),
});
