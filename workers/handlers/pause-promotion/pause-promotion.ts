import { pause } from '../../../domain/promotions/life.ts';
import { createCommandHandler } from '../command.ts';
import { changePromotion, type PromotionDependencies, type PromotionRepos } from '../promotions.ts';

/** Switches a promotion off; sales that occurred before keep it. Outcomes: see `changePromotion`. */
export function createPausePromotionHandler(dependencies: PromotionDependencies) {
  return createCommandHandler<'pause-promotion', PromotionRepos>(dependencies, (repos, message) =>
    changePromotion(repos, message, (promotion, { at }) => pause(promotion, at)),
  );
}
