import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({});

export const verifyLedger = defineCommand({
  name: 'verify-ledger',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
