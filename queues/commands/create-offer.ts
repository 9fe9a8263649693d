import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { offerTerms } from '../offer-terms.ts';

const offer = z.strictObject({
  programId: idSchema('prg'),
  status: z.enum(['draft', 'live']).default('live').meta({
    description: 'Only a live offer can be given.',
  }),
  ...offerTerms,
});

export const createOffer = defineCommand({
  name: 'create-offer',
  version: 1,
  queue: 'changes',
  body: offer,
  payload: offer,
});
