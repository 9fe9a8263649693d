import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const removeStaff = defineCommand({
  name: 'remove-staff',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('stf')),
});
