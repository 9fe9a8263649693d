import { listResource, type ResourceDependencies } from '../../resources/resource.ts';
import { rewardDefinitions } from '../../resources/reward-definitions.ts';

/** `GET /v1/admin/reward-definitions` */
export function listRewardDefinitionsRoute(deps: ResourceDependencies) {
  return listResource(deps, rewardDefinitions, {
    name: 'list-reward-definitions',
    summary: 'All rewards that customers claim',
  });
}
