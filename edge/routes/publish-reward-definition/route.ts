import { publishRewardDefinition } from '../../../queues/commands/publish-reward-definition.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `POST /v1/admin/reward-definitions/{id}/publish` */
export function publishRewardDefinitionRoute(deps: ResourceDependencies) {
  return changeResource(deps, rewardDefinitions, {
    command: publishRewardDefinition,
    summary: 'Put a reward on offer',
    action: 'publish',
  });
}
