import { z } from 'zod';
import { revised } from './revised.ts';

export const apiKeySchema = z
  .object({
    ...revised,
    name: z.string(),
    integration: z.string(),
    hint: z.string().nullable().meta({ description: 'The last characters of the key.' }),
    scopes: z.array(z.string()),
    storeIds: z.array(z.string()).nullable(),
    revokedAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().optional().meta({
      description: 'To the minute; null for a key that was not used in the last 400 days.',
    }),
  })
  .meta({ id: 'ApiKey' });

export type ApiKeyView = z.output<typeof apiKeySchema>;
