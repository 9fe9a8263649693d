import { z } from 'zod';
import { idPattern } from '../../domain/values/ids.ts';
import { defineCommand } from '../define.ts';

const programId = z.templateLiteral(['prg_', z.string()]).check(z.regex(idPattern('prg')));
const period = {
  days: z
    .int()
    .min(1)
    .max(366)
    .meta({ description: 'How many days of history, up to now.', examples: [90] }),
};

export const backtestVersion = defineCommand({
  name: 'backtest-version',
  version: 1,
  queue: 'analyses',
  body: z.strictObject(period),
  payload: z.strictObject({ programId, number: z.int().positive(), ...period }),
});
