import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { instant } from '../fields.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';
import { minorUnits, quantity } from './record-purchase.ts';

const externalId = text({ max: 128 });

const refund = {
  externalId: externalId.meta({
    description: "The till's own id of the refund; unique for ever within its integration.",
  }),
  occurredAt: instant,
  storeId: idSchema('sto')
    .optional()
    .meta({ description: 'Where the money was given back; the sale’s store unless said.' }),
  lines: z
    .array(
      z.strictObject({
        line: z.int().min(0).max(999).meta({ description: 'Position on the receipt, from 0.' }),
        quantity,
      }),
    )
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'What was brought back, by line.' }),
  amount: minorUnits
    .min(1)
    .optional()
    .meta({ description: 'What was given back, in minor units of the sale’s currency.' }),
  full: z.literal(true).optional().meta({ description: 'Everything that is left: a void.' }),
  reason: text({ max: 500 }).optional(),
};

const howMuch = (value: { lines?: unknown; amount?: unknown; full?: unknown }) =>
  [value.lines, value.amount, value.full].filter((part) => part !== undefined).length === 1;
const exactlyOne = { error: 'must say how much by exactly one of lines, amount, full' };

export const refundPurchase = defineCommand({
  name: 'refund-purchase',
  version: 1,
  queue: 'transactions',
  written: ['reason'],
  body: z.strictObject(refund).refine(howMuch, exactlyOne),
  payload: z
    .strictObject({
      sale: z.union([
        z.strictObject({ transactionId: idSchema('txn') }),
        z.strictObject({ externalId }),
      ]),
      ...refund,
    })
    .refine(howMuch, exactlyOne),
  defaultKey: (body) => body.externalId,
});

export type RefundPurchasePayload = z.output<typeof refundPurchase.payload>;
