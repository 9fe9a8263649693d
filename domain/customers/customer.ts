import type { ConsentPurpose, Consents } from '../values/consents.ts';
import type { CustomerId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** Everything personal that is held about a customer. */
export interface Profile {
  /** E.164. */
  phone: string | null;
  /** Lower case. */
  email: string | null;
  name: string | null;
  /** `YYYY-MM-DD`. */
  birthday: string | null;
  /** BCP 47. */
  locale: string | null;
  consents: Consents;
  /** Ids that other systems gave them, by system. */
  externalIds: Readonly<Record<string, string>>;
}

/** A customer of a business, as loaded under a row lock. */
export interface Customer {
  id: CustomerId;
  profile: Profile;
  tags: readonly string[];
  /** Whoever carries on for them after a merge. */
  mergedInto: CustomerId | null;
  erasedAt: Instant | null;
}

/** Fields that two customers of a business cannot share. */
export type UniqueField = 'phone' | 'email' | 'externalIds';

export const NOBODY: Profile = {
  phone: null,
  email: null,
  name: null,
  birthday: null,
  locale: null,
  consents: {},
  externalIds: {},
};

/** A change of a profile: fields that are left out stay, null empties one. */
export interface ProfileChange {
  phone?: string | null | undefined;
  email?: string | null | undefined;
  name?: string | null | undefined;
  birthday?: string | null | undefined;
  locale?: string | null | undefined;
  consents?: Readonly<Partial<Record<ConsentPurpose, boolean | null | undefined>>> | undefined;
  externalIds?: Readonly<Record<string, string | null>> | undefined;
}

/** The profile after a change. Consents and external ids are changed one by one. */
export function changeProfile(profile: Profile, change: ProfileChange): Profile {
  const { consents, externalIds, ...plain } = change;
  const fields = Object.fromEntries(Object.entries(plain).filter(([, v]) => v !== undefined));
  return {
    ...profile,
    ...fields,
    consents: changeEntries(profile.consents, consents),
    externalIds: changeEntries(profile.externalIds, externalIds),
  };
}

function changeEntries<T extends object>(known: T, change: object = {}): T {
  const entries = Object.entries({ ...known, ...change });
  return Object.fromEntries(entries.filter(([, v]) => v !== null && v !== undefined)) as T;
}

const MAX_NAME_KEYS = 6;
const MAX_KEY_LENGTH = 60;
const COMBINING_MARKS = /\p{M}/gu;
/** Letters that are no accented form of another one, as people type them without a key for them. */
const TYPED_AS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** A name as it is searched: lower case, without accents, one space between words. */
export function searchKey(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(COMBINING_MARKS, '')
    .toLowerCase()
    .replaceAll(/[ßæœøđðłþı]/g, (letter) => TYPED_AS[letter] ?? letter)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What a name is found by: itself from each of its words on, at most six. */
export function nameKeys(name: string | null): string[] {
  const words = searchKey(name ?? '')
    .split(' ')
    .filter(Boolean);
  return [
    ...new Set(
      words
        .slice(0, MAX_NAME_KEYS)
        .map((_, i) => words.slice(i).join(' ').slice(0, MAX_KEY_LENGTH)),
    ),
  ];
}
