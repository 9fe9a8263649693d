import type { Unit } from '../../../domain/values/units.ts';
import type { RefusableMail } from '../../../domain/values/mail-kinds.ts';
import type { MailContent } from '../content.ts';

/** A mail's words without its figures, links and codes. */
export type Words = Pick<
  MailContent,
  'subject' | 'preview' | 'heading' | 'paragraphs' | 'closing' | 'why'
>;

/** Words with a button. */
export type WordsAndButton = Words & { button: string };

/** What is lost, in numbers written as the language writes them. */
export interface Expiring {
  brand: string;
  /** "120 points", by `count`; null when only rewards end. */
  amount: string | null;
  rewards: readonly string[];
  day: string;
}

/** What is missing to keep a level, as the language writes it. */
export interface LevelEnding {
  brand: string;
  level: string;
  /** The level that comes after; null for none. */
  next: string | null;
  /** "120 points" or "€24.00" */
  missing: string;
  day: string;
}

/** What a code is for. */
export type CodePurpose = 'sign-up' | 'new-password' | 'new-address';

/** Names of a week's figures. */
export type Figure =
  'sales' | 'revenue' | 'customers' | 'newCustomers' | 'rewardsIssued' | 'rewardsRedeemed';

/** Everything that mail says, in one language. Values are text and stay text. */
export interface Texts {
  /** BCP 47, of the words themselves; dates and numbers too, for who told no variant of their own. */
  language: string;
  hello: (name: string | null) => string;
  count: (unit: Unit, count: number, written: string) => string;
  welcome: (about: { brand: string }) => WordsAndButton;
  reward: (about: { brand: string; reward: string }) => WordsAndButton & {
    label: string;
    validUntil: (day: string) => string;
  };
  expiry: (about: Expiring) => WordsAndButton & { label: string; until: string };
  level: (about: { brand: string; level: string }) => WordsAndButton & {
    label: string;
    until: (day: string) => string;
  };
  levelEnds: (about: LevelEnding) => WordsAndButton & { label: string };
  invitation: (about: { business: string; role: string }) => WordsAndButton;
  roles: Readonly<Record<'owner' | 'manager' | 'cashier' | 'analyst', string>>;
  week: (about: { business: string; period: string }) => WordsAndButton;
  figures: Readonly<Record<Figure, string>>;
  sameAsBefore: string;
  endpointDisabled: (about: {
    business: string;
    endpoint: string;
    /** It said that it is gone for good, or took nothing for days. */
    reason: 'gone' | 'failing';
  }) => WordsAndButton;
  code: (about: { purpose: CodePurpose; brand: string }) => Words & { label: string; note: string };
  unsubscribe: Readonly<Record<RefusableMail, string>>;
}
