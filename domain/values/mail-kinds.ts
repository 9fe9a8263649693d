import type { ConsentPurpose } from './consents.ts';

/** What is written to customers, and the consent with which they stop it. */
export const CUSTOMER_MAILS = {
  welcome: 'emailWelcome',
  reward: 'emailRewards',
  expiry: 'emailExpiry',
  level: 'emailLevels',
} as const satisfies Record<string, ConsentPurpose>;

/** What is written to staff and can be stopped. */
export const STAFF_MAILS = ['weekly-report', 'endpoint-disabled'] as const;

export type CustomerMail = keyof typeof CUSTOMER_MAILS;
export type StaffMail = (typeof STAFF_MAILS)[number];
/** What somebody can stop, each by itself. */
export type RefusableMail = CustomerMail | StaffMail;

/** Links in mails name a kind by its place here: add at the end, take nothing away. */
export const REFUSABLE_MAILS = [
  'welcome',
  'reward',
  'expiry',
  'weekly-report',
  'endpoint-disabled',
  'level',
] as const satisfies readonly RefusableMail[];

/** Whether a kind is written to customers. */
export function isCustomerMail(kind: RefusableMail): kind is CustomerMail {
  return kind in CUSTOMER_MAILS;
}
