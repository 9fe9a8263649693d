import { getResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `GET /v1/admin/reward-definitions/{id}` */
export function getRewardDefinitionRoute(deps: ResourceDependencies) {
  return getResource(deps, rewardDefinitions, {
    name: 'get-reward-definition',
    summary: 'One reward that customers claim',
  });
}
