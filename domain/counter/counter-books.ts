import type {
  BusinessId,
  CardId,
  CustomerId,
  StaffId,
  StoreId,
  TransactionId,
} from '../values/ids.ts';
import type { PastAward } from './award-stamps.ts';

/** What a counter asks of the books, inside its transaction. */
export interface CounterBooks {
  /** The card of a public code; undefined when there is none. */
  findCardByCode(businessId: BusinessId, code: string): Promise<CardId | undefined>;
  /** Whether a member of staff is this customer: by sign-in, or by an address of both. */
  isSamePerson(businessId: BusinessId, staffId: StaffId, customerId: CustomerId): Promise<boolean>;
  /** Whom a member of staff is, as a customer. */
  customersOf(businessId: BusinessId, staffId: StaffId): Promise<CustomerId[]>;
  /** An award made by hand at a counter. */
  findAward(
    businessId: BusinessId,
    id: TransactionId,
  ): Promise<(PastAward & { cardId: CardId; storeId: StoreId | null }) | undefined>;
  /** A purchase rung up at a counter. */
  findPurchase(
    businessId: BusinessId,
    id: TransactionId,
  ): Promise<Pick<PastAward, 'by' | 'at'> | undefined>;
}
