import type { BusinessId, Id, JobId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

export type ExceptionId = Id<'exc'>;

/** Why a person has to look: a refund whose sale never came, or something that looks wrong. */
export type ExceptionKind = 'refund-without-sale' | 'suspicion';

/** What no rule could decide. */
export interface RaisedException {
  id: ExceptionId;
  businessId: BusinessId;
  kind: ExceptionKind;
  /** The command that could not be carried out. */
  jobId: JobId;
  detail: object;
}

/** The list of what a person has to look at, inside one transaction. */
export interface ExceptionBooks {
  raise(exception: RaisedException): Promise<void>;
  /** Locks an exception; undefined when there is none. */
  lock(
    businessId: BusinessId,
    id: ExceptionId,
  ): Promise<{ kind: ExceptionKind; isSettled: boolean } | undefined>;
  /** Notes that somebody has dealt with it. */
  settle(
    businessId: BusinessId,
    id: ExceptionId,
    settlement: { at: Instant; by: string; note: string },
  ): Promise<void>;
}
