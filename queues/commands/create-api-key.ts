import { z } from 'zod';
import { API_KEY_SCOPES } from '../../domain/values/scopes.ts';
import { defineCommand } from '../define.ts';
import { storeIds } from '../fields.ts';
import { text } from '../text.ts';

const fields = {
  name: text({ max: 100 }).meta({ examples: ['Till 1'] }),
  integration: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
    .meta({
      description:
        'The till system. Keys of one integration are the same sender, so a rotated key does not make yesterday’s sales look new.',
      examples: ['square'],
    }),
  scopes: z.array(z.enum(API_KEY_SCOPES)).min(1).max(API_KEY_SCOPES.length),
  storeIds: storeIds.optional(),
};

export const createApiKey = defineCommand({
  name: 'create-api-key',
  version: 1,
  queue: 'changes',
  body: z.strictObject(fields),
  // The secret stays with whoever asked for it: what travels is its hash.
  payload: z.strictObject({
    ...fields,
    secretHash: z.string().regex(/^[0-9a-f]{64}$/),
    hint: z.string().length(4),
  }),
});
