import { z } from 'zod';
import { fraudRulesSchema } from '../../queues/fraud-rules.ts';
import { revised } from './revised.ts';

export const programSchema = z
  .object({
    ...revised,
    brandId: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    unit: z.enum(['stamp', 'point']),
    currency: z.string(),
    zone: z.string(),
    storeIds: z.array(z.string()).nullable(),
    enrolment: z.enum(['automatic', 'by-request']),
    fraud: fraudRulesSchema.nullable(),
    status: z.enum(['active', 'paused', 'archived']),
    draft: z
      .unknown()
      .meta({ description: 'What the next version is to be; null when nobody is writing one.' }),
  })
  .meta({ id: 'Program' });

export type ProgramView = z.output<typeof programSchema>;

export const versionSchema = z
  .object({
    number: z.int(),
    from: z.iso.datetime(),
    to: z.iso.datetime().nullable(),
    publishedAt: z.iso.datetime(),
    definition: z.unknown(),
  })
  .meta({
    id: 'ProgramVersion',
    description: 'In force from `from` up to `to`; empty when another took over before it began.',
  });

export type VersionView = z.output<typeof versionSchema>;
