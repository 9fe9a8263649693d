import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { draftDefinitionSchema } from '../version-definition.ts';

export const draftVersion = defineCommand({
  name: 'draft-version',
  version: 1,
  queue: 'changes',
  body: z.strictObject({ definition: draftDefinitionSchema }),
  // Read again by the worker: what gains a field tomorrow is still read as it was sent.
  payload: z.strictObject({ ...target('prg'), definition: z.record(z.string(), z.json()) }),
});
