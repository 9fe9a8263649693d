import { z } from 'zod';

/** Something that no rule could decide. */
export const exceptionSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['refund-without-sale', 'suspicion']),
    jobId: z.string(),
    raisedAt: z.iso.datetime(),
    detail: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What was posted, or what looks wrong and why.' }),
    settledAt: z.iso.datetime().nullable(),
    settledBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Exception' });

export type ExceptionView = z.output<typeof exceptionSchema>;
