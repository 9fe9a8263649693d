import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** Periods that were over by then end, and those that end soon after are told. */
  at: z.iso.datetime(),
});

export const endTierPeriods = defineCommand({
  name: 'end-tier-periods',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
