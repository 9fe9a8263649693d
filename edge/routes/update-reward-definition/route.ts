import { updateRewardDefinition } from '../../../queues/commands/update-reward-definition.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `PATCH /v1/admin/reward-definitions/{id}` */
export function updateRewardDefinitionRoute(deps: ResourceDependencies) {
  return changeResource(deps, rewardDefinitions, {
    command: updateRewardDefinition,
    summary: 'Change a reward that customers claim',
    description:
      'What was claimed keeps its terms. A larger or smaller `stock` moves what is left by as much.',
  });
}
