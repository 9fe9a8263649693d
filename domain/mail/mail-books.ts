import type { Logo } from '../tenancy/logo.ts';
import type { Consents } from '../values/consents.ts';
import type {
  BusinessId,
  CustomerId,
  Id,
  JobId,
  ProgramId,
  RewardId,
  StaffId,
  StoreId,
} from '../values/ids.ts';
import type { StaffMail } from '../values/mail-kinds.ts';
import type { BusinessDate, Instant } from '../values/time.ts';
import type { Unit } from '../values/units.ts';

/** Which mail: what of, and to whom. There is at most one of each. */
export interface MailKey {
  businessId: BusinessId;
  eventId: Id<'evt'>;
  recipientId: CustomerId | StaffId;
}

/**
 * What became of taking a mail on: it is ours to send; it has come to its end before; or somebody is
 * sending it now, or died doing so, and nobody knows yet whether it left.
 */
export type Claim = 'ours' | 'ended' | 'under-way';

/** How a mail ended. */
export type MailEnd = 'sent' | 'skipped' | 'rejected' | 'bounced' | 'complained';

export interface MailedCustomer {
  name: string | null;
  email: string | null;
  locale: string | null;
  consents: Consents;
}

export interface MailedStaff {
  id: StaffId;
  name: string;
  email: string | null;
  role: 'owner' | 'manager' | 'cashier' | 'analyst';
  refusals: readonly StaffMail[];
  hasAccepted: boolean;
}

export interface MailedBusiness {
  name: string;
  zone: string;
  locale: string;
}

/** How a brand looks in mail. */
export interface BrandLook {
  name: string;
  /** `#rrggbb` */
  colour: string | null;
  logo: Logo | null;
}

/** What mail is made of, and the record of what was sent. Outside of any transaction. */
export interface MailBooks {
  /**
   * Takes a mail on. One that was taken on before `abandonedBefore` and never ended counts as never
   * sent: whoever took it died, and the mail service has not told of it since.
   */
  claim(
    mail: MailKey & { kind: string },
    times: { now: Instant; abandonedBefore: Instant },
  ): Promise<Claim>;
  /** Notes how it ended; later news, such as a bounce, replaces `sent`. */
  end(mail: MailKey, end: { status: MailEnd; reason?: string; at: Instant }): Promise<void>;
  /** Gives it back: it surely has not left, and may be taken on again at once. */
  release(mail: MailKey): Promise<void>;

  /** Whoever carries on for them after a merge; undefined for the erased. */
  findCustomer(businessId: BusinessId, id: CustomerId): Promise<MailedCustomer | undefined>;
  findStaff(businessId: BusinessId, id: StaffId): Promise<MailedStaff | undefined>;
  /** Who own the business and have signed in. */
  listOwners(businessId: BusinessId): Promise<MailedStaff[]>;
  findBusiness(businessId: BusinessId): Promise<MailedBusiness | undefined>;
  findProgram(
    businessId: BusinessId,
    id: ProgramId,
  ): Promise<{ unit: Unit; currency: string; zone: string; brand: BrandLook } | undefined>;
  /** The brand of a store; without one, the business's first. */
  findBrand(businessId: BusinessId, storeId: StoreId | null): Promise<BrandLook | undefined>;
  findReward(
    businessId: BusinessId,
    id: RewardId,
  ): Promise<{ isAvailable: boolean; isReplacement: boolean } | undefined>;
  /** The report that was made of a week by itself, by the week's first day. */
  findWeeklyReport(businessId: BusinessId, from: BusinessDate): Promise<JobId | undefined>;

  /** Whether mail to an address is known not to arrive, or not to be wanted. */
  isUnreachable(addressHash: Buffer): Promise<boolean>;
  noteUnreachable(addressHash: Buffer, reason: 'bounced' | 'complained'): Promise<void>;
}
