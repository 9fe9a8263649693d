import { z } from 'zod';
import type { BusinessId, JobId, StoreId } from '../domain/values/ids.ts';
import { periodSchema } from './analytics.ts';

const file = z.object({ name: z.string(), bytes: z.int() });

export const reportFiles = z.array(file);

export const reportSchema = z
  .object({
    id: z.string(),
    requestedBy: z.string(),
    period: periodSchema,
    storeId: z.string().nullable().meta({ description: 'Null for all of the business.' }),
    currency: z.string(),
    isWeekly: z.boolean().meta({ description: 'Whether it was made by itself.' }),
    madeAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().meta({ description: 'Until then its files can be fetched.' }),
    files: reportFiles,
  })
  .meta({ id: 'Report' });

/** With where each file is. */
export const linkedReportSchema = reportSchema
  .extend({
    files: z.array(
      file.extend({
        url: z.string().nullable().meta({
          description: 'Opens the file without a key, for 15 minutes; null when it has expired.',
        }),
      }),
    ),
  })
  .meta({ id: 'LinkedReport' });

export type ReportView = z.output<typeof reportSchema> & { id: JobId };

/** Reports, as those see them who may only read; of some stores, or of the whole business. */
export interface ReportReader {
  /** Newest first. */
  list(
    businessId: BusinessId,
    storeIds: readonly StoreId[] | null,
    page: { limit: number; after: string | undefined },
  ): Promise<ReportView[]>;
  find(
    businessId: BusinessId,
    id: JobId,
    storeIds: readonly StoreId[] | null,
  ): Promise<ReportView | undefined>;
}
