import { createRewardDefinition } from '../../../queues/commands/create-reward-definition.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `POST /v1/admin/reward-definitions` */
export function createRewardDefinitionRoute(deps: ResourceDependencies) {
  return createResource(deps, rewardDefinitions, {
    command: createRewardDefinition,
    summary: 'Draft a reward that customers claim',
    description: 'Nobody can claim it before it is published.',
  });
}
