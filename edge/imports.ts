import { z } from 'zod';
import { ROW_STATUSES, type RowStatus } from '../domain/imports/import.ts';
import type { BusinessId, JobId } from '../domain/values/ids.ts';

const counts = Object.fromEntries(ROW_STATUSES.map((status) => [status, z.int()])) as Record<
  RowStatus,
  z.ZodInt
>;

export const importSchema = z
  .object({
    id: z.string(),
    status: z.enum(['running', 'completed']),
    isDryRun: z.boolean(),
    sha256: z.string().meta({ description: 'Of the file.' }),
    requestedBy: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    rows: z.int().meta({ description: 'In the file; about so many while it runs.' }),
    rowsDone: z.int(),
    ...counts,
  })
  .meta({ id: 'Import' });

export const importRowSchema = z
  .object({
    row: z.int().meta({ description: 'The header is row 1.' }),
    status: z.enum(ROW_STATUSES).meta({
      description:
        '`created`: a new customer. `credited`: a known one got an opening balance. `known`: nothing ' +
        'was new. `skipped`: in one of our exports, somebody who is no customer any more.',
    }),
    customerId: z.string().nullable(),
    problems: z.array(
      z.object({ column: z.string().nullable(), code: z.string(), detail: z.string() }),
    ),
  })
  .meta({ id: 'ImportRow' });

export type ImportView = z.output<typeof importSchema>;
export type ImportRowView = z.output<typeof importRowSchema>;

/** Imports, as those see them who may only read. */
export interface ImportReader {
  /** Newest first. */
  list(
    businessId: BusinessId,
    page: { limit: number; after: string | undefined },
  ): Promise<ImportView[]>;
  find(businessId: BusinessId, id: JobId): Promise<ImportView | undefined>;
  /** In the order of the file. */
  listRows(
    businessId: BusinessId,
    id: JobId,
    page: { limit: number; after: number; status: RowStatus | undefined },
  ): Promise<ImportRowView[]>;
}
