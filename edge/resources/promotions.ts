import { promotionSchema } from '../views/promotion.ts';
import { defineResource } from './resource.ts';

/** What is laid over a program's rules for a while: double points, a bonus for a birthday. */
export const promotions = defineResource({
  kind: 'prm',
  path: '/v1/admin/promotions',
  schema: promotionSchema,
  permissions: { read: 'promotions:read', write: 'promotions:write' },
  reader: (setup) => setup.promotions,
});
