import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const revokeApiKey = defineCommand({
  name: 'revoke-api-key',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('key')),
});
