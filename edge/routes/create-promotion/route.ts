import { createPromotion } from '../../../queues/commands/create-promotion.ts';
import { promotions } from '../../resources/promotions.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/promotions` */
export function createPromotionRoute(deps: ResourceDependencies) {
  return createResource(deps, promotions, {
    command: createPromotion,
    summary: 'Draft a promotion',
    description: 'It counts once it is published.',
  });
}
