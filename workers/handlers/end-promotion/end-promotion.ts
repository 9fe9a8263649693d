import { end } from '../../../domain/promotions/life.ts';
import { createCommandHandler } from '../command.ts';
import { changePromotion, type PromotionDependencies, type PromotionRepos } from '../promotions.ts';

/** Ends a promotion for good. Outcomes: see `changePromotion`. */
export function createEndPromotionHandler(dependencies: PromotionDependencies) {
  return createCommandHandler<'end-promotion', PromotionRepos>(dependencies, (repos, message) =>
    changePromotion(repos, message, (promotion, { at }) => end(promotion, at)),
  );
}
