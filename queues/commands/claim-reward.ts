import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { instant } from '../fields.ts';
import { text } from '../text.ts';

const claim = {
  definitionId: idSchema('rdf'),
  couponCode: text({ max: 64 })
    .optional()
    .meta({ description: 'The coupon the customer shows, where the reward asks for one.' }),
  storeId: idSchema('sto').optional().meta({ description: 'Where it is claimed, if in a store.' }),
  occurredAt: instant
    .optional()
    .meta({ description: 'The moment that judges the claim; now when it is left out.' }),
};

export const claimReward = defineCommand({
  name: 'claim-reward',
  version: 1,
  queue: 'transactions',
  body: z.strictObject(claim),
  payload: z.strictObject({ cardId: idSchema('crd'), ...claim }),
});
