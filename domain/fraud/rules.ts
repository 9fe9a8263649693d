/** What a program does about something that looks wrong. */
export type FraudAction = 'off' | 'flag' | 'hold';

/** More than `count` within `withinMinutes`. */
export interface VelocityRule {
  action: FraudAction;
  count: number;
  withinMinutes: number;
}

/**
 * What a program watches for. A flagged sale counts and is listed for the owner; a held one gives
 * nothing until somebody has approved it. Judged by the settings of the commit, not of the sale: they
 * promise nothing to anybody.
 */
export interface FraudRules {
  /** Sales of one customer. */
  cardVelocity?: VelocityRule | undefined;
  /** Sales and stamps by one member of staff. */
  staffVelocity?: VelocityRule | undefined;
  /** Sales and stamps in one store. */
  storeVelocity?: VelocityRule | undefined;
  /** A reward redeemed less than so many minutes after something that paid for it was earned. */
  quickRedeem?: { action: FraudAction; withinMinutes: number } | undefined;
  /** Work from `from` up to, not including, `to`, as the store's clocks show; may pass midnight. */
  offHours?: { action: FraudAction; from: string; to: string } | undefined;
  /** A sale above an amount, or above so many times what the store's sales usually are. */
  outlier?:
    | { action: FraudAction; aboveMinor?: number | undefined; timesUsual?: number | undefined }
    | undefined;
}

export type FraudRule = keyof FraudRules;

/** A rule that found something, with a sentence for the shopkeeper. */
export interface Suspicion {
  rule: FraudRule | 'ownCard';
  action: 'flag' | 'hold';
  text: string;
}

/** Whether a rule is there and switched on. */
export function isOn<Rule extends { action: FraudAction }>(
  rule: Rule | undefined,
): rule is Rule & { action: 'flag' | 'hold' } {
  return rule !== undefined && rule.action !== 'off';
}

/** Whether anything waits for somebody's approval. */
export function holds(suspicions: readonly Suspicion[]): boolean {
  return suspicions.some(({ action }) => action === 'hold');
}
