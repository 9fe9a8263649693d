import type { Period } from '../values/period.ts';

/**
 * When what was earned expires; always with the end of a local day in the program's zone. It is
 * fixed when a lot is earned: a later rule never shortens it.
 */
export type ExpiryRule =
  | { kind: 'none' }
  /**
   * A period after the earning. `first-earning`: all that a card holds expires together, a period
   * after the oldest of it was earned, as "ten stamps within 60 days"; what is left when a reward
   * completes the card begins anew.
   */
  | { kind: 'rolling'; period: Period; countedFrom: 'each-earning' | 'first-earning' }
  /** On the next of some days of the year (`12-31`), after living at least so long. */
  | { kind: 'fixed'; dates: readonly string[]; atLeast: Period | null }
  /** A period after the card's last earning: each one moves all that the card holds. */
  | { kind: 'inactivity'; period: Period };
