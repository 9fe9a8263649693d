import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { receiver } from '../offer-terms.ts';

/** As many as one transaction may hold up the cards of. */
export const MAX_RECEIVERS = 500;

const receivers = z.array(receiver).min(1).max(MAX_RECEIVERS);

export const giveOffers = defineCommand({
  name: 'give-offers',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({ receivers }),
  payload: z.strictObject({ offerId: idSchema('ofr'), receivers }),
});
