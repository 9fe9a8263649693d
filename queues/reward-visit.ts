import { idSchema } from './id-schema.ts';
import { instant } from './fields.ts';
import { text } from './text.ts';

/** The public code of an issued reward, as it stands in a path and travels. */
export const rewardCode = text({ min: 8, max: 64 });

/** What a till says when it does something with a reward. */
export const rewardVisit = {
  storeId: idSchema('sto'),
  occurredAt: instant
    .optional()
    .meta({ description: 'When it happened at the till; now when it is left out.' }),
  externalId: text({ max: 128 }).optional().meta({
    description: 'The till’s own id of this; serves as the key when no Idempotency-Key is sent.',
  }),
};

/** The till's own id is the key, unless a header brings one. */
export const keyOfVisit = (body: { externalId?: string | undefined }) => body.externalId;
