import type { Profile } from '../customers/customer.ts';
import type { BusinessId, CardId, CustomerId, JobId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { RowCounts, RowKey, RowResult } from './import.ts';
import type { Opening } from './opening-balance.ts';

/** An import as it stands. */
export interface ImportState {
  /** Rows of the file, the header left out, whose results are committed. */
  rowsDone: number;
  counts: RowCounts;
  isFinished: boolean;
}

/** Somebody whom an import brings. */
export interface ImportedPerson {
  id: CustomerId;
  profile: Profile;
  tags: readonly string[];
}

/** Imports as their worker sees them, inside one transaction. */
export interface ImportBooks {
  /** Begins an import, or finds one that was begun; locked until the transaction ends. */
  begin(
    businessId: BusinessId,
    id: JobId,
    about: { sha256: string; rows: number; isDryRun: boolean; requestedBy: string; at: Instant },
  ): Promise<ImportState>;
  /** Whoever answers to these keys, as the one who carries on if they were merged. */
  findKnown(
    businessId: BusinessId,
    keys: readonly RowKey[],
  ): Promise<{ key: RowKey; id: CustomerId }[]>;
  /** Their ids in other systems. */
  findExternalIds(
    businessId: BusinessId,
    ids: readonly CustomerId[],
  ): Promise<Map<CustomerId, Record<string, string>>>;
  /** Which of these cards were given an opening balance. */
  findOpened(businessId: BusinessId, cardIds: readonly CardId[]): Promise<Set<CardId>>;
  /** Writes people who are new. */
  insertPeople(businessId: BusinessId, people: readonly ImportedPerson[]): Promise<void>;
  /** Writes what people who are new bring along, all of one moment. */
  insertOpenings(businessId: BusinessId, openings: readonly Opening[]): Promise<void>;
  /** Keeps what became of some rows: the checkpoint, returned, from which the import goes on. */
  keep(businessId: BusinessId, id: JobId, results: readonly RowResult[]): Promise<ImportState>;
  finish(businessId: BusinessId, id: JobId): Promise<void>;
}
