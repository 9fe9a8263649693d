import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { storeFields } from './create-store.ts';

export const updateStore = defineCommand({
  name: 'update-store',
  version: 1,
  queue: 'changes',
  body: patchOf(storeFields),
  payload: z.strictObject({ ...target('sto'), ...z.strictObject(storeFields).partial().shape }),
});
