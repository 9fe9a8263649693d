import type { CardId, CustomerId, ProgramId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { Lot } from './lots.ts';

export type CardStatus = 'active' | 'blocked' | 'merged' | 'closed';

/** One customer in one program, as loaded under its row lock. */
export interface Card {
  id: CardId;
  programId: ProgramId;
  customerId: CustomerId;
  code: string;
  status: CardStatus;
  /** Ledger units, ≥ 0; always equal to postings in − out, and to the sum of lots. */
  balance: number;
  /** Ledger units owed, ≥ 0: what a refund could not take back. The next earning repays it. */
  debt: number;
  /** Number of the card's last event; receivers order and spot gaps by it. */
  sequence: number;
  /** The program version the open stamp card was opened under. */
  versionNumber: number;
  /** Until when its lots that expire with inactivity are valid; null when it holds none. */
  activeUntil: Instant | null;
  /**
   * Lots with something left; those that have expired and were not swept yet as well (see
   * domain/expiry/expire.ts). Loaded only where the program's lots expire or pay for rewards.
   */
  lots: readonly Lot[];
}
