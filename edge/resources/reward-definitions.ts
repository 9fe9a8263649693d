import { rewardDefinitionSchema } from '../views/reward-definition.ts';
import { defineResource } from './resource.ts';

/** A reward that customers claim, for points or with a coupon. */
export const rewardDefinitions = defineResource({
  kind: 'rdf',
  path: '/v1/admin/reward-definitions',
  schema: rewardDefinitionSchema,
  permissions: { read: 'programs:read', write: 'programs:write' },
  reader: (setup) => setup.rewardDefinitions,
});
