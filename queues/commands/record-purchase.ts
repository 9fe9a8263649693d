import { z } from 'zod';
import { DECIMAL_PATTERN } from '../../domain/values/decimal.ts';
import { idPattern } from '../../domain/values/ids.ts';
import { isCurrency } from '../../domain/values/money.ts';
import { LINE_KINDS, TENDER_KINDS } from '../../domain/values/receipt.ts';
import { defineCommand } from '../define.ts';
import { instant } from '../fields.ts';
import { rewardCode } from '../reward-visit.ts';
import { text } from '../text.ts';

// A trillion minor units is beyond any till and far below 2^53, so sums stay exact.
const MAX_MINOR = 1_000_000_000_000;

/** Minor units; refuses fractions, text, −0 and what a JSON number cannot hold exactly. */
export const minorUnits = z
  .int()
  .min(0)
  .max(MAX_MINOR)
  .refine((value) => !Object.is(value, -0), { error: 'must not be negative zero' })
  .meta({ description: 'Integer minor units of the currency (cents for EUR).' });

export const quantity = z
  .string()
  .regex(DECIMAL_PATTERN)
  .refine((value) => Number(value) > 0, { error: 'must be more than 0' })
  .meta({ description: 'Decimal string; weights may have fractions.', examples: ['1', '0.345'] });

const line = z.strictObject({
  kind: z.enum(LINE_KINDS).default('item'),
  sku: text({ max: 64 }).optional(),
  category: text({ max: 64 }).optional(),
  quantity: quantity.default('1'),
  unitPrice: minorUnits,
  discount: minorUnits.default(0),
  tax: minorUnits.default(0),
});

const storeId = z.templateLiteral(['sto_', z.string()]).check(z.regex(idPattern('sto')));
const customerId = z.templateLiteral(['cus_', z.string()]).check(z.regex(idPattern('cus')));
const cardCode = text({ min: 8, max: 64 });

const customer = z
  .strictObject({
    cardCode: cardCode.optional(),
    qr: text({ min: 16, max: 128 }).optional().meta({
      description: 'The rotating code that the customer’s phone shows, as it was scanned.',
    }),
    customerId: customerId.optional(),
    phone: z.e164().optional(),
    email: z.email().max(254).toLowerCase().optional(),
  })
  .refine((value) => Object.values(value).filter((v) => v !== undefined).length === 1, {
    error: 'must name the customer by exactly one of cardCode, qr, customerId, phone, email',
  });

const sale = {
  externalId: text({ max: 128 }).meta({
    description: "The till's own id of the sale; unique for ever within its integration.",
  }),
  storeId,
  // Optional without a default: sales queued before it existed mean the same without it.
  staffId: z
    .templateLiteral(['stf_', z.string()])
    .check(z.regex(idPattern('stf')))
    .optional()
    .meta({ description: 'Who rang it up; caps per member of staff count by it.' }),
  occurredAt: instant,
  currency: z
    .string()
    .length(3)
    .refine(isCurrency, { error: 'must be an ISO 4217 code' })
    .meta({ examples: ['EUR'] }),
  total: minorUnits,
  taxIncluded: z.boolean().default(true).meta({
    description: 'Whether line prices contain the tax; false where it is added on top.',
  }),
  lines: z.array(line).max(1_000).default([]),
  discounts: z
    .array(
      z.strictObject({
        amount: minorUnits,
        voucherCode: rewardCode
          .optional()
          .meta({ description: 'The reward that the discount is for; the sale uses it up.' }),
        line: z.int().min(0).max(999).optional().meta({
          description:
            'Position of the line, from 0, that it is taken off; the whole sale unless said. A refund of that line gives the reward back.',
        }),
      }),
    )
    .max(50)
    .default([])
    .meta({
      description: 'Taken off the whole sale, spread over its lines, unless a line is named.',
    }),
  tenders: z
    .array(z.strictObject({ kind: z.enum(TENDER_KINDS), amount: minorUnits }))
    .max(20)
    .default([]),
};

export const recordPurchase = defineCommand({
  name: 'record-purchase',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({ ...sale, customer: customer.optional() }),
  payload: z.strictObject({
    ...sale,
    customer: z
      .union([
        z.strictObject({ cardCode }),
        z.strictObject({ customerId }),
        z.strictObject({ sealedContact: z.string() }),
      ])
      .optional(),
  }),
  defaultKey: (body) => body.externalId,
});

export type RecordPurchaseBody = z.output<typeof recordPurchase.body>;
export type RecordPurchasePayload = z.output<typeof recordPurchase.payload>;
