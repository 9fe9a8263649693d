import type { Records } from '../tenancy/setup.ts';
import type { BusinessId, ProgramId, PromotionId } from '../values/ids.ts';
import type { Promotion, PromotionStatus } from './life.ts';
import type { PromotionDefinition } from './promotion.ts';

/** A promotion as it stands in its table. */
export interface PromotionFields {
  programId: ProgramId;
  status: PromotionStatus;
  definition: PromotionDefinition;
  editions: Promotion['editions'];
}

/** Promotions, as a command sees them inside its transaction. */
export interface PromotionBooks {
  records: Records<'prm', PromotionFields>;
  /**
   * Sets what a budget is, in ledger units.
   * @returns false, and nothing is set, where more than that was given already
   */
  setBudget(businessId: BusinessId, id: PromotionId, ceiling: number): Promise<boolean>;
}
