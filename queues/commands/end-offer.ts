import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const endOffer = defineCommand({
  name: 'end-offer',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('ofr')),
});
