import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { rewardTerms } from '../reward-terms.ts';

const body = z.strictObject({ programId: idSchema('prg'), ...rewardTerms });

export const createRewardDefinition = defineCommand({
  name: 'create-reward-definition',
  version: 1,
  queue: 'changes',
  body,
  payload: body,
});
