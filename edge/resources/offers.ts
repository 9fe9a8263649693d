import { offerSchema } from '../views/offer.ts';
import { defineResource } from './resource.ts';

/** Challenges of a program, to be given to customers. */
export const offers = defineResource({
  kind: 'ofr',
  path: '/v1/admin/offers',
  schema: offerSchema,
  permissions: { read: 'offers:read', write: 'offers:write' },
  reader: (setup) => setup.offers,
});
