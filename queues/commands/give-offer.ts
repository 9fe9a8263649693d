import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { receiver } from '../offer-terms.ts';

export const giveOffer = defineCommand({
  name: 'give-offer',
  version: 1,
  queue: 'transactions',
  body: receiver,
  payload: receiver.safeExtend({ offerId: idSchema('ofr') }),
});
