import { pauseRewardDefinition } from '../../../queues/commands/pause-reward-definition.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `POST /v1/admin/reward-definitions/{id}/pause` */
export function pauseRewardDefinitionRoute(deps: ResourceDependencies) {
  return changeResource(deps, rewardDefinitions, {
    command: pauseRewardDefinition,
    summary: 'Take a reward off offer for a while',
    action: 'pause',
  });
}
