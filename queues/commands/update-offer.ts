import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { offerTerms } from '../offer-terms.ts';

const changes = {
  status: z.literal('live').meta({ description: 'A draft goes live, and stays so.' }),
  ...offerTerms,
};

export const updateOffer = defineCommand({
  name: 'update-offer',
  version: 1,
  queue: 'changes',
  body: patchOf(changes),
  payload: z.strictObject({ ...target('ofr'), ...z.strictObject(changes).partial().shape }),
});
