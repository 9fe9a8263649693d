import { publish } from '../../../domain/promotions/life.ts';
import { createCommandHandler } from '../command.ts';
import { changePromotion, type PromotionDependencies, type PromotionRepos } from '../promotions.ts';

/** Switches a promotion on for sales that occur from now on. Outcomes: see `changePromotion`. */
export function createPublishPromotionHandler(dependencies: PromotionDependencies) {
  return createCommandHandler<'publish-promotion', PromotionRepos>(dependencies, (repos, message) =>
    changePromotion(repos, message, (promotion, { at, unit }) => publish(promotion, at, unit)),
  );
}
