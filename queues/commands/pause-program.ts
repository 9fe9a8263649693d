import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const pauseProgram = defineCommand({
  name: 'pause-program',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('prg')),
});
