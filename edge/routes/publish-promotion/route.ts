import { publishPromotion } from '../../../queues/commands/publish-promotion.ts';
import { promotions } from '../../resources/promotions.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/promotions/{id}/publish` */
export function publishPromotionRoute(deps: ResourceDependencies) {
  return changeResource(deps, promotions, {
    command: publishPromotion,
    action: 'publish',
    summary: 'Switch a promotion on',
  });
}
