import { changeProfile, NOBODY, type Profile, type ProfileChange } from '../customers/customer.ts';

/** Contacts that somebody has proved to be theirs. */
export interface ProvenContacts {
  email?: string | undefined;
  phone?: string | undefined;
}

/** The profile of somebody new: what they told, reached where they proved to be. */
export function newProfile(told: ProfileChange, proven: ProvenContacts): Profile {
  return changeProfile(NOBODY, { ...told, ...proven });
}

/**
 * The profile of somebody whom the shop knew before they signed in. What they tell now counts; a
 * proven contact fills a blank, and never replaces one that the shop wrote down or that another has.
 * @param isTaken whether another customer of the business has the contact
 */
export function claimedProfile(
  known: Profile,
  told: ProfileChange,
  proven: ProvenContacts,
  isTaken: (field: 'email' | 'phone') => boolean,
): Profile {
  const fills = (field: 'email' | 'phone') => known[field] === null && !isTaken(field);
  return changeProfile(known, {
    ...told,
    ...(proven.email !== undefined && fills('email') && { email: proven.email }),
    ...(proven.phone !== undefined && fills('phone') && { phone: proven.phone }),
  });
}
