import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { keyOfVisit, rewardCode, rewardVisit } from '../reward-visit.ts';

export const cancelReward = defineCommand({
  name: 'cancel-reward',
  version: 1,
  queue: 'transactions',
  body: z.strictObject(rewardVisit),
  // A customer does it from where they are.
  payload: z.strictObject({
    code: rewardCode,
    ...rewardVisit,
    storeId: rewardVisit.storeId.optional(),
  }),
  defaultKey: keyOfVisit,
});
