import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { brandFields } from './create-brand.ts';

export const updateBrand = defineCommand({
  name: 'update-brand',
  version: 1,
  queue: 'changes',
  body: patchOf(brandFields),
  payload: z.strictObject({ ...target('brd'), ...z.strictObject(brandFields).partial().shape }),
});
