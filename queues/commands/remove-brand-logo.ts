import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const removeBrandLogo = defineCommand({
  name: 'remove-brand-logo',
  version: 1,
  queue: 'analyses',
  body: z.strictObject({}),
  payload: z.strictObject(target('brd')),
});
