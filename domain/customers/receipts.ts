import type { LoadedPurchases, PurchaseQuery } from '../earning/purchase-store.ts';
import type { BusinessId, StoreId, TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { ClaimableSale } from './claim.ts';

/** A sale that somebody may claim, with its receipt as posted. */
export interface UnclaimedSale extends ClaimableSale {
  id: TransactionId;
  externalId: string;
  storeId: StoreId;
  receivedAt: Instant;
  receipt: object;
}

/** Receipts as a claim sees them, inside its transaction. */
export interface Receipts {
  findByClaimCode(businessId: BusinessId, claimCode: string): Promise<UnclaimedSale | undefined>;
  findById(businessId: BusinessId, id: TransactionId): Promise<UnclaimedSale | undefined>;
  /** What a sale is judged by, read as for a sale, cards locked. */
  load(queries: readonly PurchaseQuery[]): Promise<LoadedPurchases>;
}
