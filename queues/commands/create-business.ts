import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { currency, zone } from '../fields.ts';
import { text } from '../text.ts';
import { businessFields } from './update-business.ts';

const fields = {
  name: text({ max: 100 }),
  defaultCurrency: currency,
  zone,
  acceptPastDays: businessFields.acceptPastDays.optional(),
};

/** Sent by the platform, not by a business: see workers/platform. */
export const createBusiness = defineCommand({
  name: 'create-business',
  version: 1,
  queue: 'changes',
  internal: true,
  body: z.strictObject(fields),
  // With the hash of its first key, which may set up everything else.
  payload: z.strictObject({
    ...fields,
    secretHash: z.string().regex(/^[0-9a-f]{64}$/),
    hint: z.string().length(4),
  }),
});
