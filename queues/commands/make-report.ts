import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { figuresDay } from '../fields.ts';
import { idSchema } from '../id-schema.ts';

const LONGEST_MS = 365 * 86_400_000;

const fields = {
  from: figuresDay.meta({ description: 'First business date.', examples: ['2026-10-01'] }),
  to: figuresDay.meta({
    description: 'Last business date, at most a year on.',
    examples: ['2026-10-31'],
  }),
  storeId: idSchema('sto').optional(),
};

const body = z.strictObject(fields).refine(
  ({ from, to }) => {
    const length = Date.parse(to) - Date.parse(from);
    return length >= 0 && length <= LONGEST_MS;
  },
  { path: ['to'], error: 'must not lie before from, nor more than a year after it' },
);

export const makeReport = defineCommand({
  name: 'make-report',
  version: 1,
  queue: 'analyses',
  body,
  payload: z.strictObject(fields),
});
