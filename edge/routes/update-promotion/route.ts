import { updatePromotion } from '../../../queues/commands/update-promotion.ts';
import { promotions } from '../../resources/promotions.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PATCH /v1/admin/promotions/{id}` */
export function updatePromotionRoute(deps: ResourceDependencies) {
  return changeResource(deps, promotions, {
    command: updatePromotion,
    summary: 'Word a promotion anew',
    description:
      'The whole definition. A live promotion is on with the new words from now on; sales that ' +
      'occurred before keep the old ones, however late they arrive.',
  });
}
