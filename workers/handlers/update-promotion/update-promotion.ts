import { reword } from '../../../domain/promotions/life.ts';
import { createCommandHandler } from '../command.ts';
import {
  changePromotion,
  type PromotionDependencies,
  type PromotionRepos,
  refuseUnknownStores,
} from '../promotions.ts';

/** Words a promotion anew; a live one from now on. Outcomes: see `changePromotion`. */
export function createUpdatePromotionHandler(dependencies: PromotionDependencies) {
  return createCommandHandler<'update-promotion', PromotionRepos>(dependencies, (repos, message) =>
    changePromotion(repos, message, async (promotion, context) => {
      const { definition } = message.payload;
      const refusal = await refuseUnknownStores(repos, message.businessId, definition.storeIds);
      return refusal ?? reword(promotion, definition, context);
    }),
  );
}
