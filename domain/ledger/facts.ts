import type { BusinessId } from '../values/ids.ts';

/** The way out for facts that move nothing in the books, and so hang on no entry. */
export interface Facts {
  /** They leave when the transaction commits, in this order. */
  publish(businessId: BusinessId, events: readonly unknown[]): Promise<void>;
}
