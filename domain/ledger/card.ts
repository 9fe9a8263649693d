import type { CardId, CustomerId, ProgramId } from '../values/ids.ts';
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
  /** Lots with something left. Loaded only where the program can spend on earning. */
  lots: readonly Lot[];
}
