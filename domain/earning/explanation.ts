/**
 * One line of the trace that every outcome carries: a stable code for programs, a sentence for the
 * shopkeeper. Stored with the transaction, never computed again later, so that an old balance can be
 * explained by the rules as they were.
 */
export interface ExplanationStep {
  code: ExplanationCode;
  text: string;
}

export type ExplanationCode =
  | 'program-version'
  | 'no-version-in-force'
  | 'card-opened'
  | 'card-blocked'
  | 'card-closed'
  | 'held'
  | 'self-award'
  | 'merged'
  | 'unmerged'
  | 'other-currency'
  | 'base'
  | 'lines-left-out'
  | 'order-discount'
  | 'tax-left-out'
  | 'paid-with-points'
  | 'rule-matched'
  | 'rule-not-matched'
  | 'lines-excluded'
  | 'promotion'
  | 'promotion-not-applied'
  | 'promotion-budget'
  | 'best-rule'
  | 'fraction-dropped'
  | 'fraction-carried'
  | 'cap-transaction'
  | 'cap-business-day'
  | 'cap-interval'
  | 'cap-staff'
  | 'earned'
  | 'debt-repaid'
  | 'remains'
  | 'reversed'
  | 'reward-revoked'
  | 'reward-kept'
  | 'already-expired'
  | 'debt'
  | 'debt-forgiven'
  | 'progress'
  | 'reward-issued'
  | 'rewards-postponed'
  | 'offer-progress'
  | 'offer-completed'
  | 'offer-moved'
  | 'offer-withdrawn'
  | 'adjusted'
  | 'opening-balance'
  | 'awarded'
  | 'award-undone'
  | 'birthday'
  | 'reward-claimed'
  | 'reward-reserved'
  | 'reward-released'
  | 'reward-redeemed'
  | 'reward-reversed'
  | 'reward-restored'
  | 'reward-expired'
  | 'reward-not-used'
  | 'points-spent'
  | 'points-returned'
  | 'expires'
  | 'lots-expired'
  | 'tier-changed';

/** Builds a step; a helper so that call sites read as a sentence. */
export function step(code: ExplanationCode, text: string): ExplanationStep {
  return { code, text };
}
