import type { BusinessId, JobId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** One file of an export. */
export interface ExportedFile {
  /** `customers.csv` */
  name: string;
  rows: number;
  bytes: number;
}

/** Everything a business owns, as of one moment, table by table. */
export interface BusinessArchive {
  /**
   * Hands over each table in turn; all of them show the same moment.
   * @param take reads the pages to their end before the next table comes
   */
  read(
    businessId: BusinessId,
    take: (table: ArchivedTable, place: { index: number; total: number }) => Promise<void>,
  ): Promise<void>;
}

export interface ArchivedTable {
  name: string;
  columns: readonly string[];
  /** Rows in the order of the columns, as the API shows such things. */
  pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

/** Exports that are ready, inside one transaction. */
export interface Exports {
  record(
    businessId: BusinessId,
    made: {
      id: JobId;
      requestedBy: string;
      startedAt: Instant;
      expiresAt: Instant;
      files: readonly ExportedFile[];
    },
  ): Promise<void>;
}

/** How long an export can be fetched. */
export const EXPORT_HOURS = 24;

/** Where a file of an export is kept. */
export function exportKey(businessId: BusinessId, id: JobId, name: string): string {
  return `exports/${businessId}/${id}/${name}`;
}
