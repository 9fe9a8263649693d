import type { FinishedJob } from '../domain/ledger/finished-job.ts';
import type { Card, CardStatus } from '../domain/ledger/card.ts';
import type { RewardView } from '../domain/rewards/present.ts';
import type { RewardStatus } from '../domain/rewards/reward.ts';
import type { PurchaseOutcome } from '../domain/earning/outcome.ts';
import type { AsOfBy } from '../domain/ledger/as-of.ts';
import type { Program } from '../domain/programs/program.ts';
import type { ApprovalStatus } from '../domain/tenancy/approval.ts';
import type { RefundOutcome } from '../domain/refunds/outcome.ts';
import type { Role, Scope } from '../domain/tenancy/permissions.ts';
import type {
  ApiKeyId,
  BusinessId,
  CardId,
  CustomerId,
  JobId,
  ProgramId,
  StaffId,
  StoreId,
  TransactionId,
} from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import type { Envelope } from '../queues/envelope.ts';
import type { QueueName } from '../queues/queues.ts';
import type { RewardDefinitionView } from './views/reward-definition.ts';
import type { ApiKeyView } from './views/api-key.ts';
import type { ApprovalView } from './views/approval.ts';
import type { CardPage, HistoryLine } from './views/card.ts';
import type { BrandView } from './views/brand.ts';
import type { BusinessView } from './views/business.ts';
import type { ProgramView, VersionView } from './views/program.ts';
import type { StaffView } from './views/staff.ts';
import type { StoreView } from './views/store.ts';
import type { GivenOfferView, OfferView } from './views/offer.ts';
import type { ExceptionView } from './views/exception.ts';
import type { PromotionView } from './views/promotion.ts';
import type { WebhookEndpointView } from './views/webhook-endpoint.ts';

/** Does work that may read what is this business's, and nothing else. */
export type InBusiness = <T>(businessId: BusinessId, work: () => T) => T;

export { SCOPES, type Scope } from '../domain/tenancy/permissions.ts';

/** A till system, as its key shows it. */
export interface PosPrincipal {
  kind: 'integration';
  keyId: ApiKeyId;
  businessId: BusinessId;
  /** Survives key rotation, so that a sale posted again under a new key is still the same sale. */
  integration: string;
  scopes: readonly Scope[];
  /** The stores it may post for. */
  storeIds: readonly StoreId[];
  /** Whether those are all there are, and any to come. */
  isForAllStores: boolean;
}

/** Somebody of the business, as their token and their row say. */
export interface StaffPrincipal {
  kind: 'staff';
  businessId: BusinessId;
  staffId: StaffId;
  role: Role;
  /** The stores the role is limited to; null for the whole business. */
  storeIds: readonly StoreId[] | null;
  /** Who they are to the sign-in service (`sub`). */
  subject: string;
  sessionId: string;
}

/** A customer of the business who has signed in. */
export interface CustomerPrincipal {
  kind: 'customer';
  businessId: BusinessId;
  customerId: CustomerId;
  subject: string;
  sessionId: string;
}

/** Somebody who has signed in as a customer, whichever businesses know them. */
export interface VisitorPrincipal {
  kind: 'visitor';
  subject: string;
  /** With it the sign-in service tells which addresses they have proved. */
  accessToken: string;
}

/** Somebody of one business: whoever may send it commands. */
export type Caller = PosPrincipal | StaffPrincipal | CustomerPrincipal;

/** Whom a token was given to: one of the people of one of the two pools. */
export interface TokenOwner {
  pool: Pool;
  subject: string;
  expiresAt: Instant;
  /** The sign-in that the token comes from, through however many refreshes. */
  sessionId: string;
  startedAt: Instant;
}
export type Pool = 'staff' | 'customers';

/** Whose a token is; undefined for one that is forged, expired, of another kind, or revoked. */
export type VerifyToken = (token: string) => Promise<TokenOwner | undefined>;

/**
 * Which businesses know somebody, and as whom. What is known is kept for a while; where the wanted
 * business is not among it, it is asked for anew.
 */
export interface Memberships {
  ofStaff(subject: string, wanted: string | undefined): Promise<readonly StaffMembership[]>;
  ofCustomer(subject: string, wanted: string | undefined): Promise<readonly CustomerMembership[]>;
}
export type StaffMembership = Omit<StaffPrincipal, 'kind' | 'subject' | 'sessionId'>;
export type CustomerMembership = Omit<CustomerPrincipal, 'kind' | 'subject' | 'sessionId'>;

/** Finds whom a key belongs to; undefined for unknown and revoked keys. */
export type FindApiKey = (secretHash: Buffer) => Promise<PosPrincipal | undefined>;

/** The way into the queues. */
export interface CommandQueue {
  enqueue(queue: QueueName, envelope: Envelope): Promise<void>;
  find(
    id: string,
  ): Promise<{ envelope: Envelope; state: 'queued' | 'processing' | 'failed' } | undefined>;
}

/**
 * Remembers, in the moments before a job is in the books, which body its key came with.
 * @returns the hash that the key was first seen with
 */
export type ClaimRequest = (jobId: JobId, requestHash: string) => Promise<string>;

/** What the books say about jobs, transactions and customers. All of it read-only. */
export interface Books {
  /** Many look-ups of one moment go to the database as one. */
  findJob(businessId: BusinessId, jobId: JobId): Promise<EndedJob | undefined>;
  /** Who sent a job that has ended, by the audit log; undefined for a till's sale. */
  findSender(
    businessId: BusinessId,
    jobId: JobId,
  ): Promise<{ kind: string; id: string } | undefined>;
  findTransaction(
    businessId: BusinessId,
    reference: { id: TransactionId } | { integration: string; externalId: string },
  ): Promise<RecordedTransaction | undefined>;
  /** The newest first, behind `before`; at most `limit`. */
  listExceptions(
    businessId: BusinessId,
    page: {
      status: 'open' | 'settled' | 'all';
      kind: ExceptionView['kind'] | undefined;
      limit: number;
      before: string | undefined;
    },
  ): Promise<ExceptionView[]>;
  findCustomer(
    businessId: BusinessId,
    by:
      | { phone: string }
      | { email: string }
      | { cardCode: string }
      /** Of the one card whose code begins so; nobody where there are two. */
      | { cardCodeBeginning: string }
      | { customerId: CustomerId },
  ): Promise<CustomerView | undefined>;
  /** What a customer holds; nothing for one who does not exist. */
  findHoldings(
    businessId: BusinessId,
    customerId: CustomerId,
  ): Promise<Pick<CustomerView, 'cards' | 'rewards'>>;
}

export type EndedJob = FinishedJob & { finishedAt: Instant };

export interface RecordedTransaction {
  outcome: PurchaseOutcome;
  receipt: unknown;
  /** The first first. */
  refunds: RefundOutcome[];
  receivedAt: string;
  recordedAt: string;
}

export interface CustomerView {
  id: CustomerId;
  name: string | null;
  cards: {
    id: CardId;
    code: string;
    programId: ProgramId;
    programName: string;
    unit: 'stamp' | 'point';
    status: CardStatus;
    /** Of the card's last event. */
    sequence: number;
    /** Ledger units. */
    balance: number;
    /** Ledger units the next reward costs; null where none is minted by itself. */
    target: number | null;
    /** What will be gone unless it is spent before, the soonest first; ledger units. */
    expiring: { amount: number; expiresAt: string }[];
  }[];
  rewards: {
    id: string;
    cardId: string;
    code: string;
    name: string;
    benefit: unknown;
    expiresAt: string | null;
  }[];
}

/** Issued rewards as of a moment, and what could be claimed. Another business's look like none. */
export interface RewardReader {
  find(businessId: BusinessId, code: string, at: Instant): Promise<RewardView | undefined>;
  /** Oldest first, behind `after`; undefined for a card that does not exist. */
  list(
    businessId: BusinessId,
    cardId: CardId,
    page: {
      limit: number;
      after: string | undefined;
      status: RewardStatus | undefined;
      at: Instant;
    },
  ): Promise<RewardView[] | undefined>;
  claimable(
    businessId: BusinessId,
    of: {
      customerId: CustomerId;
      cards: readonly Pick<Card, 'id' | 'programId' | 'status' | 'balance'>[];
      storeIds: readonly StoreId[];
      at: Instant;
    },
  ): Promise<ClaimableReward[]>;
}

export interface ClaimableReward {
  definitionId: string;
  cardId: string;
  name: string;
  benefit: unknown;
  cost: number | string;
  affordable: boolean;
  needsCoupon: boolean;
}

/** Whose a reward is, by its code; undefined when there is none. */
export type RewardOwners = (
  businessId: BusinessId,
  code: string,
) => Promise<CustomerId | undefined>;

/** Judges a purchase without keeping anything. */
export type { PurchaseReader } from '../domain/earning/purchase-store.ts';

/** How far a long job is; undefined for jobs that do not tell. */
export type FindProgress = (jobId: JobId) => Promise<{ done: number; total: number } | undefined>;

/** Waits for the word that a job has ended. */
export interface FinishedJobs {
  wait(jobId: string, timeoutMs: number): { ended: Promise<boolean>; cancel(): void };
}

/** One kind of thing that people set up, for reading. Another business's look like none. */
export interface ResourceReader<View> {
  find(businessId: BusinessId, id: string): Promise<View | undefined>;
  /** Oldest first, behind `after`; at most `limit`. */
  list(
    businessId: BusinessId,
    page: { limit: number; after: string | undefined; where?: Readonly<Record<string, unknown>> },
  ): Promise<View[]>;
}

/** The organisation of a business, as its people see it. */
export interface SetupReader {
  businesses: Pick<ResourceReader<BusinessView>, 'find'>;
  brands: ResourceReader<BrandView>;
  rewardDefinitions: ResourceReader<RewardDefinitionView>;
  offers: ResourceReader<OfferView>;
  stores: ResourceReader<StoreView>;
  staff: ResourceReader<StaffView>;
  apiKeys: ResourceReader<ApiKeyView>;
  programs: ResourceReader<ProgramView>;
  webhookEndpoints: ResourceReader<WebhookEndpointView>;
  /** Newest first, older than `before`; at most `limit`. */
  listVersions(
    businessId: BusinessId,
    programId: ProgramId,
    page: { limit: number; before: number | undefined },
  ): Promise<VersionView[]>;
  promotions: ResourceReader<PromotionView>;
}

/** What customers received, for reading. */
export interface OfferReader {
  hasCustomer(businessId: BusinessId, id: CustomerId): Promise<boolean>;
  /** In the order in which we heard of them, behind `after`; at most `limit`. */
  listOf(
    businessId: BusinessId,
    customerId: CustomerId,
    page: { limit: number; after: string | undefined },
  ): Promise<GivenOfferView[]>;
}

/** Single cards, with what has expired left out. */
export interface CardReader {
  /** A card as it is now and, where asked for, its balance as of an instant. */
  findCard(
    businessId: BusinessId,
    cardId: CardId,
    asOf?: { at: Instant; by: AsOfBy },
  ): Promise<CardPage | undefined>;
  /** What moved on a card, newest first; `after` is the position of a line. */
  cardHistory(
    businessId: BusinessId,
    cardId: CardId,
    page: { after: string | undefined; limit: number },
  ): Promise<{ program: Program; lines: readonly HistoryLine[] } | undefined>;
}

/** What the verifier of the books found. */
export interface LedgerReader {
  /** The last run that came to its end. */
  lastCheck(
    businessId: BusinessId,
  ): Promise<
    { startedAt: string; finishedAt: string; cards: number; differences: number } | undefined
  >;
  differences(
    businessId: BusinessId,
    page: { limit: number; after: readonly string[] | undefined },
  ): Promise<LedgerDifferenceView[]>;
}

export interface LedgerDifferenceView {
  cardId: string;
  rule: string;
  /** Ledger units, as are those found. */
  expected: number;
  found: number;
  firstFoundAt: string;
  lastFoundAt: string;
  isOpen: boolean;
}

/** What waits for a second person, or did. */
export interface ApprovalReader {
  list(
    businessId: BusinessId,
    page: { limit: number; after: string | undefined; status: ApprovalStatus | undefined },
  ): Promise<ApprovalView[]>;
}

/** Writes and reads cursors; what was not written here for the same list is not read. */
export interface CursorSealer {
  seal(list: string, position: readonly string[]): string;
  /** @returns undefined for a forged cursor, and for one of another list */
  open(list: string, cursor: string): string[] | undefined;
}

/** Makes the secrets of keys; the same seed, which only this system knows, makes the same. */
export interface ApiKeySecrets {
  make(seed: string): { secret: string; secretHash: string; hint: string };
}
