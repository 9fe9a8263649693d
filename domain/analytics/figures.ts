import type { BusinessId, CardId, TransactionId } from '../values/ids.ts';

/** What a fact that left tells to be counted: transactions, and cards whose holdings moved. */
export interface Told {
  businessId: BusinessId;
  transactionIds: readonly TransactionId[];
  cardIds: readonly CardId[];
}

/** The figures of days, customers, programs and promotions, kept beside the books. */
export interface Figures {
  /**
   * Counts each transaction once, however often it is told of and in whatever order, on the day that
   * it is of; and looks at the cards as they are now. All of it or nothing.
   * @returns transactions that the books do not have: nothing was counted for them
   */
  count(told: readonly Told[]): Promise<TransactionId[]>;
}
