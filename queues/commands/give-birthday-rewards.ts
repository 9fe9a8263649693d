import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** Rewards for birthdays up to the local day of that moment are given. */
  at: z.iso.datetime(),
});

export const giveBirthdayRewards = defineCommand({
  name: 'give-birthday-rewards',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
