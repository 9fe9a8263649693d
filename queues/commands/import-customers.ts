import { z } from 'zod';
import { defineCommand } from '../define.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The file itself waits in the file store: nothing personal goes through the queue. */
export const importCustomers = defineCommand({
  name: 'import-customers',
  version: 1,
  queue: 'analyses',
  /** What an upload is compared by. */
  body: z.strictObject({ sha256, isDryRun: z.boolean() }),
  payload: z.strictObject({
    /** Where the file is. */
    file: z.string().max(300),
    sha256,
    /** About how many rows it has, for the progress. */
    rows: z.int().nonnegative(),
    delimiter: z.enum([',', ';']),
    isDryRun: z.boolean(),
  }),
  // The same file twice is the same import.
  defaultKey: ({ sha256: hash, isDryRun }) => (isDryRun ? `${hash}:dry` : hash),
});
