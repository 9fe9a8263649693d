import { z } from 'zod';
import type { BusinessId, JobId } from '../domain/values/ids.ts';

const file = z.object({ name: z.string(), rows: z.int(), bytes: z.int() });

export const exportSchema = z
  .object({
    id: z.string(),
    requestedBy: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().meta({ description: 'Until then its files can be fetched.' }),
    files: z.array(file),
  })
  .meta({ id: 'Export' });

/** With where each file is. */
export const linkedExportSchema = exportSchema
  .extend({
    files: z.array(
      file.extend({
        url: z.string().nullable().meta({
          description: 'Fetches the file without a key, for 15 minutes; null when it has expired.',
        }),
      }),
    ),
  })
  .meta({ id: 'LinkedExport' });

export type ExportView = z.output<typeof exportSchema> & { id: JobId };

/** Exports, as those see them who may only read. */
export interface ExportReader {
  /** Newest first. */
  list(
    businessId: BusinessId,
    page: { limit: number; after: string | undefined },
  ): Promise<ExportView[]>;
  find(businessId: BusinessId, id: JobId): Promise<ExportView | undefined>;
}
