import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { rewardTermsPatch } from '../reward-terms.ts';

export const updateRewardDefinition = defineCommand({
  name: 'update-reward-definition',
  version: 1,
  queue: 'changes',
  body: patchOf(rewardTermsPatch),
  payload: z.strictObject({
    ...target('rdf'),
    ...z.strictObject(rewardTermsPatch).partial().shape,
  }),
});
