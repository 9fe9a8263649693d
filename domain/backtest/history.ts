import type { Program } from '../programs/program.ts';
import type { Store } from '../tenancy/business.ts';
import type { BusinessId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { CardHistory } from './card-history.ts';

/** What really happened on the cards of one program within a period. */
export interface HistoryQuery {
  businessId: BusinessId;
  program: Program;
  /** The stores whose sales count for the program. */
  stores: readonly Store[];
  /** Included. */
  since: Instant;
  /** Not included. */
  until: Instant;
}

/** Reads history as of one moment, however long the reading takes. */
export interface ProgramHistory {
  /**
   * Hands over cards page by page; a page is read while the one before is judged, and a card is made out
   * when it is taken.
   * @param judge told of each page, with how many cards there are in all
   */
  read(
    query: HistoryQuery,
    judge: (cards: Iterable<CardHistory>, total: number) => Promise<void>,
  ): Promise<void>;
}
