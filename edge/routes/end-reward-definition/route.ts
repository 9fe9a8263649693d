import { endRewardDefinition } from '../../../queues/commands/end-reward-definition.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `POST /v1/admin/reward-definitions/{id}/end` */
export function endRewardDefinitionRoute(deps: ResourceDependencies) {
  return changeResource(deps, rewardDefinitions, {
    command: endRewardDefinition,
    summary: 'Take a reward off offer for ever',
    action: 'end',
  });
}
