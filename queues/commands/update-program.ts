import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { programFields } from './create-program.ts';

export const updateProgram = defineCommand({
  name: 'update-program',
  version: 1,
  queue: 'changes',
  body: patchOf(programFields),
  payload: z.strictObject({ ...target('prg'), ...z.strictObject(programFields).partial().shape }),
});
