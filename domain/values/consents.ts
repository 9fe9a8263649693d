/**
 * What a customer may be asked to agree to. The last four are mails about their own card: they come
 * until somebody says no.
 */
export const CONSENT_PURPOSES = [
  'emailMarketing',
  'smsMarketing',
  'profiling',
  'emailWelcome',
  'emailRewards',
  'emailExpiry',
  'emailLevels',
] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** Answers by purpose; a purpose that is missing was never asked about. */
export type Consents = Partial<Record<ConsentPurpose, boolean>>;
