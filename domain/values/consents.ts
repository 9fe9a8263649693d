/** What a customer may be asked to agree to. */
export const CONSENT_PURPOSES = ['emailMarketing', 'smsMarketing', 'profiling'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** Answers by purpose; a purpose that is missing was never asked about. */
export type Consents = Partial<Record<ConsentPurpose, boolean>>;
