import { z } from 'zod';
import type { IdKind } from '../domain/values/ids.ts';
import { idSchema } from './id-schema.ts';

/**
 * What a command that changes something carries beside its body: which one, and the revision that
 * its sender saw (If-Match). The worker compares it inside the transaction, where it is true.
 */
export function target<Kind extends IdKind>(kind: Kind) {
  return { id: idSchema(kind), expectedRevision: z.int().min(1) };
}

/** Some of the fields: what is left out stays as it is. At least one must be there. */
export function patchOf<Shape extends z.ZodRawShape>(fields: Shape) {
  return z
    .strictObject(fields)
    .partial()
    .refine((patch) => Object.keys(patch).length > 0, { error: 'must change something' });
}
