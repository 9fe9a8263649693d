import { pausePromotion } from '../../../queues/commands/pause-promotion.ts';
import { promotions } from '../../resources/promotions.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/promotions/{id}/pause` */
export function pausePromotionRoute(deps: ResourceDependencies) {
  return changeResource(deps, promotions, {
    command: pausePromotion,
    action: 'pause',
    summary: 'Switch a promotion off',
  });
}
