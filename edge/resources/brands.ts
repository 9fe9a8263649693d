import { brandSchema } from '../views/brand.ts';
import { defineResource } from './resource.ts';

/** A name that customers know; its programs and stores hang on it. */
export const brands = defineResource({
  kind: 'brd',
  path: '/v1/admin/brands',
  schema: brandSchema,
  permissions: { read: 'brands:read', write: 'brands:write' },
  reader: (setup) => setup.brands,
});
