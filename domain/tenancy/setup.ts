import type { Offer, OfferTerms } from '../offers/offer.ts';
import type { BusinessId, Id, IdKind, ProgramId } from '../values/ids.ts';

/**
 * One kind of thing that people set up, as a command sees it inside its transaction. Every write
 * raises the business's set-up revision with it, so that the next sale is judged by it.
 */
export interface Records<Kind extends IdKind, Fields extends object> {
  /** What is there now, locked until the transaction ends; undefined for another business's too. */
  lock(businessId: BusinessId, id: Id<Kind>): Promise<RecordOf<Fields> | undefined>;
  /** Adds one, at revision 1. Fields left out take the column's default. */
  add(businessId: BusinessId, id: Id<Kind>, fields: Given<Fields>): Promise<void>;
  /** Writes the fields given, leaves the rest, and answers the new revision. */
  change(businessId: BusinessId, id: Id<Kind>, fields: Given<Fields>): Promise<number>;
  /** How many others have these values; for what must be unique. */
  countOthers(businessId: BusinessId, id: Id<Kind>, fields: Given<Fields>): Promise<number>;
}

/** Some of the fields; undefined is the same as left out. */
export type Given<Fields> = { [Field in keyof Fields]?: Fields[Field] | undefined };

export type RecordOf<Fields> = Fields & { revision: number };

/** The organisation of one business. */
export interface Setup {
  brands: Records<'brd', BrandFields>;
  offers: Records<'ofr', OfferFields>;
}

export interface BrandFields {
  name: string;
  /** What customers read about it. */
  description: string | null;
}

/** An offer as it stands in its row: its terms beside its state. */
export interface OfferFields extends OfferTerms {
  programId: ProgramId;
  status: Offer['status'];
  endedAt: Offer['endedAt'];
}
