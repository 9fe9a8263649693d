import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const pauseRewardDefinition = defineCommand({
  name: 'pause-reward-definition',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('rdf')),
});
