import type { Operation } from '../../domain/operations/operation-log.ts';
import type { BusinessId, CustomerId, JobId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { NoteOperationPayload } from '../../queues/commands/note-operation.ts';
import type { Envelope } from '../../queues/envelope.ts';

/** Where a job is: in its queue, or at its end. `delayed` jobs wait for their next try. */
export type JobState =
  | 'waiting'
  | 'active'
  | 'delayed'
  | 'completed'
  | 'failed'
  | 'declined'
  /** In the books: something else must come first. */
  | 'held';

/** A job that a queue still holds. */
export interface QueuedJob {
  queue: string;
  envelope: Envelope;
  state: 'waiting' | 'active' | 'delayed' | 'completed' | 'failed';
  tries: number;
  /** Why its last try failed. */
  error: string | undefined;
  /** Of its last try. */
  stack: readonly string[];
  /** When it was brought to its end; undefined before. */
  finishedAt: Instant | undefined;
}

export interface QueueView {
  name: string;
  isPaused: boolean;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** When the one that has waited longest came. */
  oldestAt: Instant | null;
}

/** Failed jobs that have their command and their error in common, but for ids and numbers. */
export interface FailureGroup {
  key: string;
  queue: string;
  type: string;
  error: string;
  jobIds: readonly string[];
  businesses: number;
  firstAt: Instant;
  lastAt: Instant;
}

/** The queues, as operators see them and what they may do to them. */
export interface JobDesk {
  queues(): Promise<QueueView[]>;
  find(id: string): Promise<QueuedJob | undefined>;
  /** Jobs that wait, are at work or have failed, the newest of each first. */
  search(
    matches: (envelope: Envelope, error: string | undefined) => boolean,
    limit: number,
  ): Promise<QueuedJob[]>;
  /** The newest failed jobs, grouped; `looked` of `failed` were looked at. */
  failures(): Promise<{ groups: FailureGroup[]; looked: number; failed: number }>;
  /** @returns false when it had not failed, or was retried by somebody else */
  retry(queue: string, jobId: string): Promise<boolean>;
  /** @returns false when it was not waiting for a next try */
  promote(queue: string, jobId: string): Promise<boolean>;
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
}

/** A job as the books know it, or a sale or refund whose job is forgotten. */
export interface BookedJob {
  businessId: BusinessId;
  jobId: JobId | undefined;
  type: string;
  state: JobState;
  receivedAt: Instant;
  finishedAt: Instant | undefined;
  externalId: string | undefined;
  transactionId: string | undefined;
  /** Why it was declined. */
  code: string | undefined;
}

/** Whom and what a search found. */
export interface Findings {
  customers: readonly { businessId: BusinessId; id: CustomerId }[];
  /** Ids and codes that a message about them would hold. */
  needles: readonly string[];
  /** Ids that a job of the external id would have. */
  jobIds: readonly JobId[];
  jobs: readonly BookedJob[];
}

export interface OpsBooks {
  /** Businesses whose name or id holds a text; all of them for an empty one. */
  findBusinesses(text: string): Promise<{ id: BusinessId; name: string }[]>;
  namesOf(ids: readonly BusinessId[]): Promise<ReadonlyMap<BusinessId, string>>;
  search(text: string, businesses: readonly BusinessId[]): Promise<Findings>;
  findJob(id: JobId, businesses: readonly BusinessId[]): Promise<BookedJob | undefined>;
  findTroubledEndpoints(): Promise<TroubledEndpoint[]>;
  listOperations(limit: number): Promise<Operation[]>;
  measureOutbox(): Promise<
    { destination: string | null; count: number; oldestAt: Instant | null; mostAttempts: number }[]
  >;
}

/** How many messages there are for a function, about. */
export interface QueueDepth {
  function: string;
  waiting: number;
  inFlight: number;
  dead: number;
}

export interface DeadLetter {
  messageId: string;
  sentAt: string;
  body: string;
}

/** What functions could not do. A function that is not there has none. */
export interface DeadLetterDesk {
  depths(): Promise<QueueDepth[]>;
  peek(name: string): Promise<DeadLetter[] | undefined>;
  /** @returns how many were sent again */
  redrive(name: string): Promise<number>;
}

/** A receiver of webhooks that fails, or has failed. */
export interface TroubledEndpoint {
  businessId: BusinessId;
  id: string;
  name: string;
  host: string;
  status: 'active' | 'disabled';
  failingSince: Instant | null;
  failed: number;
  waiting: number;
}

/** Has a receiver sent again what it missed, by a command of its business. */
export type ReplayWebhooks = (target: {
  businessId: BusinessId;
  endpointId: string;
}) => Promise<void>;

/** Resolves when it is certain that the log of operations will have it. */
export type NoteOperation = (operation: NoteOperationPayload) => Promise<void>;

/** Who has signed in. */
export interface Operator {
  name: string;
  /** `viewer`: may look, and press nothing. */
  role: 'operator' | 'viewer';
}
