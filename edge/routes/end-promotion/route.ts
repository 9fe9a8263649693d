import { endPromotion } from '../../../queues/commands/end-promotion.ts';
import { promotions } from '../../resources/promotions.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/promotions/{id}/end` */
export function endPromotionRoute(deps: ResourceDependencies) {
  return changeResource(deps, promotions, {
    command: endPromotion,
    action: 'end',
    summary: 'End a promotion for good',
  });
}
