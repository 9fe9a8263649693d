import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const endPromotion = defineCommand({
  name: 'end-promotion',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('prm')),
});
