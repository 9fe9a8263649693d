import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const publishPromotion = defineCommand({
  name: 'publish-promotion',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('prm')),
});
