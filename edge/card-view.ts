import { z } from 'zod';
import { readShortCode, shortCodeOf } from '../domain/customers/short-code.ts';
import type { BusinessId, CardId, CustomerId } from '../domain/values/ids.ts';
import { describeProgress, presentAmount } from '../domain/values/units.ts';
import type { CustomerView } from './ports.ts';
import { Problem } from './problems.ts';
import { explanationStep, presentedAmount } from './schemas.ts';

/** A card as those see it who hold it in their hands: a customer, or who serves them. */
export const cardViewSchema = z
  .object({
    id: z.string(),
    code: z.string(),
    shortCode: z.string().meta({
      description: 'To read out and type in, where nothing can be scanned.',
      examples: ['K7M-2QX-9TD'],
    }),
    programId: z.string(),
    programName: z.string(),
    unit: z.enum(['stamp', 'point']),
    status: z.string(),
    sequence: z.int().meta({ description: 'Of the card’s last event.' }),
    balance: presentedAmount,
    progress: z
      .object({ current: presentedAmount, target: presentedAmount, text: z.string() })
      .nullable()
      .meta({ description: 'Towards the next reward; null where none comes by itself.' }),
    expiring: z
      .array(z.object({ amount: presentedAmount, expiresAt: z.iso.datetime() }))
      .meta({ description: 'What will be gone unless it is spent before, the soonest first.' }),
  })
  .meta({ id: 'CardView' });

export const rewardViewSchema = z
  .object({
    id: z.string(),
    cardId: z.string(),
    code: z.string(),
    name: z.string(),
    benefit: z.unknown(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'UsableReward' });

/** A short code as somebody typed it in. */
export const shortCode = z
  .string()
  .max(20)
  .refine((typed) => readShortCode(typed) !== undefined, {
    error: 'is mistyped: it has nine digits and letters, as on the customer’s card',
  })
  .meta({ examples: ['K7M-2QX-9TD'] });

/** Whom a short code leads to. @param typed as `shortCode` takes it */
export function byShortCode(typed: string): { cardCodeBeginning: string } {
  const cardCodeBeginning = readShortCode(typed);
  if (cardCodeBeginning === undefined) throw new Problem('not-found');
  return { cardCodeBeginning };
}

/** A card with its amounts in the program's unit. */
export function presentCard(card: CustomerView['cards'][number]): z.output<typeof cardViewSchema> {
  const { target, balance, unit, expiring, ...rest } = card;
  return {
    ...rest,
    shortCode: shortCodeOf(card.code),
    unit,
    balance: presentAmount(balance, unit),
    progress:
      target === null
        ? null
        : {
            current: presentAmount(balance, unit),
            target: presentAmount(target, unit),
            text: describeProgress(balance, target, unit),
          },
    expiring: expiring.map(({ amount, expiresAt }) => ({
      amount: presentAmount(amount, unit),
      expiresAt,
    })),
  };
}

/** One transaction's share in a card's balance. */
export interface CardMovement {
  transactionId: string;
  kind: string;
  storeId: string | null;
  occurredAt: string;
  /** Ledger units; negative where the balance went down. */
  change: number;
  explanation: { code: string; text: string }[];
}

/** What the books say of one customer's card. Another's card looks like none. */
export interface CardReader {
  /** The latest first. */
  listMovements(
    businessId: BusinessId,
    cardId: CardId,
    page: { limit: number; after: readonly string[] | undefined },
  ): Promise<CardMovement[]>;
  /** When the customer last bought something, RFC 3339. */
  findLastVisit(businessId: BusinessId, customerId: CustomerId): Promise<string | null>;
}

export const movementSchema = z
  .object({
    transactionId: z.string(),
    kind: z.string(),
    storeId: z.string().nullable(),
    occurredAt: z.iso.datetime(),
    change: presentedAmount,
    explanation: z.array(explanationStep),
  })
  .meta({ id: 'CardMovement' });
