import type { ExceptionBooks } from '../../../domain/exceptions/exception-books.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CommandTransaction } from '../../../domain/ledger/command-store.ts';
import type { OfferBooks } from '../../../domain/offers/offer-books.ts';
import type { RefundBooks } from '../../../domain/refunds/refund-books.ts';
import type { TierBooks } from '../../../domain/tiers/tier-books.ts';
import type { RewardBooks } from '../../../domain/rewards/reward-books.ts';

/** What handling a refund needs of its transaction. */
export interface RefundRepos {
  books: LedgerBooks;
  refunds: RefundBooks;
  exceptions: ExceptionBooks;
  offers: OfferBooks;
  rewards: RewardBooks;
  tiers: TierBooks;
}

export type RefundTransaction = RefundRepos & Pick<CommandTransaction, 'exclusively' | 'finish'>;
