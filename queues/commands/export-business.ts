import { z } from 'zod';
import { defineCommand } from '../define.ts';

export const exportBusiness = defineCommand({
  name: 'export-business',
  version: 1,
  queue: 'analyses',
  body: z.strictObject({}),
  payload: z.strictObject({}),
});
