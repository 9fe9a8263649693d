import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { currency, zone } from '../fields.ts';
import { locale } from '../personal.ts';
import { text } from '../text.ts';

const A_CENTURY_DAYS = 36_500;

export const businessFields = {
  name: text({ max: 100 }),
  zone,
  defaultCurrency: currency,
  acceptPastDays: z.int().min(0).max(A_CENTURY_DAYS).meta({
    description: 'How old a sale may be when it arrives; older ones go to review.',
  }),
  acceptFutureMinutes: z
    .int()
    .min(0)
    .max(1_440)
    .meta({ description: 'How far a till’s clock may run ahead.' }),
  refundWaitDays: z.int().min(0).max(90).meta({
    description:
      'How long a refund that came before its sale waits for it; then it is an exception.',
  }),
  locale: locale.meta({
    description: 'Language of mail to whoever has not told theirs. BCP 47.',
  }),
  adjustmentLimit: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .nullable()
    .meta({
      description:
        'Whole stamps or points that one person may put on a card or take off; more takes a second. ' +
        'null: any amount.',
    }),
};

export const updateBusiness = defineCommand({
  name: 'update-business',
  version: 1,
  queue: 'changes',
  body: patchOf(businessFields),
  payload: z.strictObject({ ...target('biz'), ...z.strictObject(businessFields).partial().shape }),
});
