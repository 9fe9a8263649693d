/**
 * Ids carry their kind: `crd_01h2x…` is a card and the compiler knows it. The suffix is a UUIDv7 in
 * TypeID base32 (https://github.com/jetify-com/typeid/tree/main/spec); a job's is derived from its
 * idempotency key (see queues/job-id.ts), so the same post always names the same job.
 */
export type IdKind =
  | 'biz'
  | 'brd'
  | 'sto'
  | 'cus'
  | 'prg'
  | 'crd'
  | 'rwd'
  | 'rdf'
  | 'txn'
  | 'exc'
  | 'lot'
  | 'job'
  | 'evt'
  | 'key'
  | 'stf'
  | 'vch'
  | 'whe'
  | 'prm'
  | 'ofr'
  | 'ofi'
  | 'apr'
  | 'aud'
  | 'upl';

export type Id<K extends IdKind> = `${K}_${string}`;
export type BusinessId = Id<'biz'>;
export type BrandId = Id<'brd'>;
export type StoreId = Id<'sto'>;
export type CustomerId = Id<'cus'>;
export type ProgramId = Id<'prg'>;
export type CardId = Id<'crd'>;
export type RewardId = Id<'rwd'>;
export type RewardDefinitionId = Id<'rdf'>;
export type TransactionId = Id<'txn'>;
export type LotId = Id<'lot'>;
export type JobId = Id<'job'>;
export type ApiKeyId = Id<'key'>;
export type StaffId = Id<'stf'>;
export type PromotionId = Id<'prm'>;
export type OfferId = Id<'ofr'>;
export type OfferInstanceId = Id<'ofi'>;
export type WebhookEndpointId = Id<'whe'>;
export type EventId = Id<'evt'>;

/**
 * Where new ids and unguessable codes come from. An argument everywhere, so that a decision made
 * twice from the same inputs is the same decision.
 */
export interface IdSource {
  /** A fresh, time-ordered id of the given kind. */
  id<K extends IdKind>(kind: K): Id<K>;
  /** A fresh public code of at least 128 random bits, URL-safe. */
  code(): string;
}

/** Matches a well-formed id of one kind: prefix, underscore, 26 base32 digits ≤ 2^128. */
export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${kind}_[0-7][0-9a-hjkmnp-tv-z]{25}$`);
}

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** When a time-ordered id was made: the 48 bits that a UUIDv7 begins with, in epoch milliseconds. */
export function timeOfId(id: Id<IdKind>): number {
  const digits = id.slice(id.indexOf('_') + 1);
  let milliseconds = 0;
  // 48 bits of 128: three from the first digit, five from each of the next nine.
  for (const digit of digits.slice(0, 10)) milliseconds = milliseconds * 32 + BASE32.indexOf(digit);
  return milliseconds;
}
