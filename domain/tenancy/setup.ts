import type { Offer, OfferTerms } from '../offers/offer.ts';
import type { RewardDefinitionFields } from '../rewards/definition.ts';
import type { FraudRules } from '../fraud/rules.ts';
import type { Pause, ProgramVersion } from '../programs/program.ts';
import type { VersionWindow } from '../programs/publish.ts';
import type { BrandId, BusinessId, Id, IdKind, ProgramId, StoreId } from '../values/ids.ts';
import type { StaffMail } from '../values/mail-kinds.ts';
import type { ApiKeyScope } from '../values/scopes.ts';
import type { Instant } from '../values/time.ts';
import type { Unit } from '../values/units.ts';
import type { WebhookEndpointFields } from '../webhooks/endpoint.ts';
import type { Logo } from './logo.ts';
import type { Role } from './permissions.ts';

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
  /** How many have these values; `except` is not counted. For what must be unique or must exist. */
  count(businessId: BusinessId, fields: Given<Fields>, except?: Id<Kind>): Promise<number>;
}

/** Some of the fields; undefined is the same as left out. */
export type Given<Fields> = { [Field in keyof Fields]?: Fields[Field] | undefined };

export type RecordOf<Fields> = Fields & { revision: number };

/** The organisation of one business. */
export interface Setup {
  businesses: Records<'biz', BusinessFields>;
  brands: Records<'brd', BrandFields>;
  offers: Records<'ofr', OfferFields>;
  rewardDefinitions: Records<'rdf', RewardDefinitionFields>;
  stores: Records<'sto', StoreFields>;
  staff: Records<'stf', StaffFields>;
  apiKeys: Records<'key', ApiKeyFields>;
  programs: Records<'prg', ProgramFields>;
  webhookEndpoints: Records<'whe', WebhookEndpointFields>;
  versions: ProgramVersions;
  /** Which of these stores the business does not have. */
  unknownStores(businessId: BusinessId, ids: readonly StoreId[]): Promise<StoreId[]>;
}

export interface BusinessFields {
  name: string;
  zone: string;
  defaultCurrency: string;
  acceptPastDays: number;
  acceptFutureMinutes: number;
  refundWaitDays: number;
  adjustmentLimit: number | null;
  /** BCP 47: the language of mail to whoever has not told theirs. */
  locale: string;
}

export interface BrandFields {
  name: string;
  /** What customers read about it. */
  description: string | null;
  /** `#rrggbb`: of its mails. */
  colour: string | null;
  logo: Logo | null;
  /** Where its logos are in the file store, this one's last: for mails sent before, too. */
  logoFolders: readonly string[];
}

/** An offer as it stands in its row: its terms beside its state. */
export interface OfferFields extends OfferTerms {
  programId: ProgramId;
  status: Offer['status'];
  endedAt: Offer['endedAt'];
}

export interface StoreFields {
  brandId: BrandId;
  name: string;
  zone: string;
  dayStartMinutes: number;
  /** What the till system calls it; unique in the business. */
  externalId: string | null;
  address: string | null;
  openingHours: readonly { weekday: number; opens: string; closes: string }[] | null;
  deactivatedAt: Instant | null;
}

export interface StaffFields {
  /** Who they are to the sign-in service; null until they have accepted. */
  subject: string | null;
  name: string;
  email: string | null;
  phone: string | null;
  role: Role;
  /** Null for the whole business. */
  storeIds: readonly StoreId[] | null;
  removedAt: Instant | null;
  /** Kinds of mail that they do not want. */
  mailRefusals: readonly StaffMail[];
}

export interface ApiKeyFields {
  integration: string;
  name: string;
  /** SHA-256 in hex. */
  secretHash: string;
  hint: string;
  scopes: readonly ApiKeyScope[];
  storeIds: readonly StoreId[] | null;
  revokedAt: Instant | null;
}

export interface ProgramFields {
  brandId: BrandId;
  name: string;
  description: string | null;
  unit: Unit;
  currency: string;
  zone: string;
  storeIds: readonly StoreId[] | null;
  enrolment: 'automatic' | 'by-request';
  draft: object | null;
  pauses: readonly Pause[];
  fraud: FraudRules | null;
  archivedAt: Instant | null;
}

/** The numbered versions of programs: added and closed, never edited. */
export interface ProgramVersions {
  windows(businessId: BusinessId, programId: ProgramId): Promise<VersionWindow[]>;
  /** The id of the newest version's automatic reward, which its next version keeps. */
  latestRewardId(businessId: BusinessId, programId: ProgramId): Promise<Id<'rdf'> | undefined>;
  add(
    businessId: BusinessId,
    programId: ProgramId,
    version: Pick<ProgramVersion, 'number' | 'from'> & { definition: object },
  ): Promise<void>;
  close(
    businessId: BusinessId,
    programId: ProgramId,
    closes: readonly { number: number; to: Instant }[],
  ): Promise<void>;
}
