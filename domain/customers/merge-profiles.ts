import { type Consents, CONSENT_PURPOSES } from '../values/consents.ts';
import type { Profile } from './customer.ts';

const PLAIN_FIELDS = ['phone', 'email', 'name', 'birthday', 'locale'] as const;
type PlainField = (typeof PLAIN_FIELDS)[number];

/** What taking a merge of two profiles back needs; names of fields, never what they say. */
export interface MergedProfile {
  /** Gaps that the merged customer filled. */
  filled: readonly PlainField[];
  /** Systems whose external id moved. */
  systems: readonly string[];
  tags: readonly string[];
  consentsBefore: Consents;
}

interface Person {
  profile: Profile;
  tags: readonly string[];
}

/**
 * Who two customers are together. What the survivor lacks is filled in; where both say something the
 * survivor's stands, and the other one's phone, e-mail or external id goes on leading there. What
 * nobody else can have (phone, e-mail, external ids) moves, the rest is copied.
 */
export function mergeProfiles(
  survivor: Person,
  merged: Person,
): { survivor: Profile; merged: Profile; kept: MergedProfile } {
  const filled = PLAIN_FIELDS.filter(
    (field) => survivor.profile[field] === null && merged.profile[field] !== null,
  );
  const systems = Object.keys(merged.profile.externalIds).filter(
    (system) => !(system in survivor.profile.externalIds),
  );
  const moved = (from: Profile, names: readonly string[]) =>
    Object.fromEntries(
      Object.entries(from.externalIds).filter(([system]) => names.includes(system)),
    );
  const stays = (from: Profile, names: readonly string[]) =>
    Object.fromEntries(
      Object.entries(from.externalIds).filter(([system]) => !names.includes(system)),
    );
  return {
    survivor: {
      ...survivor.profile,
      ...Object.fromEntries(filled.map((field) => [field, merged.profile[field]])),
      consents: strictest(survivor.profile.consents, merged.profile.consents),
      externalIds: { ...survivor.profile.externalIds, ...moved(merged.profile, systems) },
    },
    merged: {
      ...merged.profile,
      ...(filled.includes('phone') && { phone: null }),
      ...(filled.includes('email') && { email: null }),
      externalIds: stays(merged.profile, systems),
    },
    kept: {
      filled,
      systems,
      tags: merged.tags.filter((tag) => !survivor.tags.includes(tag)),
      consentsBefore: survivor.profile.consents,
    },
  };
}

/**
 * Takes it back: what was filled in goes back where it came from, unless the survivor has said
 * something else since. Consents that the survivor gave or withdrew since stand.
 */
export function unmergeProfiles(
  survivor: Profile,
  merged: Profile,
  kept: MergedProfile,
): { survivor: Profile; merged: Profile } {
  const movesBack = (field: 'phone' | 'email') =>
    kept.filled.includes(field) && merged[field] === null ? survivor[field] : merged[field];
  const isCopied = (field: PlainField) =>
    kept.filled.includes(field) &&
    (field === 'phone' || field === 'email' || survivor[field] === merged[field]);
  const external = (names: (system: string) => boolean) =>
    Object.fromEntries(Object.entries(survivor.externalIds).filter(([system]) => names(system)));
  const merging = strictest(kept.consentsBefore, merged.consents);
  const unchanged = CONSENT_PURPOSES.every((p) => survivor.consents[p] === merging[p]);
  return {
    survivor: {
      ...survivor,
      ...Object.fromEntries(PLAIN_FIELDS.filter(isCopied).map((field) => [field, null])),
      consents: unchanged ? kept.consentsBefore : survivor.consents,
      externalIds: external((system) => !kept.systems.includes(system)),
    },
    merged: {
      ...merged,
      phone: movesBack('phone'),
      email: movesBack('email'),
      externalIds: {
        ...merged.externalIds,
        ...external((system) => kept.systems.includes(system)),
      },
    },
  };
}

/** A no from either stands; a purpose that only one was asked about takes that answer. */
function strictest(a: Consents, b: Consents): Consents {
  const consents: Consents = {};
  for (const purpose of CONSENT_PURPOSES) {
    const answers = [a[purpose], b[purpose]].filter((answer) => answer !== undefined);
    if (answers.length > 0) consents[purpose] = answers.every(Boolean);
  }
  return consents;
}
