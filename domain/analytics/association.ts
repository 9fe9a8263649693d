import { changeOf, share } from './kpis.ts';
import type { PromotionUse } from './readings.ts';

/** What sales with a promotion and those beside it had in common with what was spent. */
export interface Association {
  /** Minor units a sale with it; null without one. */
  averageWith: number | null;
  averageWithout: number | null;
  /** The first over the second, as a share; null where one is missing. */
  association: number | null;
}

export const ASSOCIATION_DEFINITION =
  'What a sale with the promotion came to, against a visit by a member on the same days in the same ' +
  'stores on which it gave nothing. An association, not an effect: whoever used it may have spent ' +
  'more all the same.';

/** Compares; it does not say why. */
export function associate(use: PromotionUse): Association {
  const averageWith = average(use.net, use.uses);
  const averageWithout = average(use.otherNet, use.otherVisits);
  return { averageWith, averageWithout, association: changeOf(averageWith, averageWithout) };
}

function average(sum: number, count: number): number | null {
  return share(sum, count) === null ? null : Math.round(sum / count);
}
