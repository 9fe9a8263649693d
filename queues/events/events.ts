import { z } from 'zod';
import { defineEvent } from '../define.ts';

const amount = z.union([z.int(), z.string()]);
const card = { cardId: z.string(), programId: z.string(), customerId: z.string() };

export const transactionRecorded = defineEvent({
  type: 'transaction.recorded',
  version: 1,
  data: z.strictObject({
    transactionId: z.string(),
    externalId: z.string(),
    storeId: z.string(),
    status: z.enum(['recorded', 'review']),
    occurredAt: z.iso.datetime(),
    total: z.strictObject({ amount: z.int(), currency: z.string() }),
    customerId: z.string().nullable(),
    cardIds: z.array(z.string()),
  }),
});

export const customerEnrolled = defineEvent({
  type: 'customer.enrolled',
  version: 1,
  data: z.strictObject({ customerId: z.string(), storeId: z.string() }),
});

export const cardOpened = defineEvent({
  type: 'card.opened',
  version: 1,
  data: z.strictObject({ ...card, sequence: z.int() }),
});

export const cardBalanceChanged = defineEvent({
  type: 'card.balance_changed',
  version: 1,
  data: z.strictObject({
    ...card,
    sequence: z.int(),
    transactionId: z.string(),
    earned: amount,
    balance: amount,
  }),
});

export const rewardIssued = defineEvent({
  type: 'reward.issued',
  version: 1,
  data: z.strictObject({
    ...card,
    sequence: z.int(),
    transactionId: z.string(),
    rewardId: z.string(),
    definitionId: z.string(),
    name: z.string(),
    expiresAt: z.iso.datetime().nullable(),
  }),
});

/** Every fact that leaves, by type. */
export const events = {
  [transactionRecorded.type]: transactionRecorded,
  [customerEnrolled.type]: customerEnrolled,
  [cardOpened.type]: cardOpened,
  [cardBalanceChanged.type]: cardBalanceChanged,
  [rewardIssued.type]: rewardIssued,
} as const;

export type EventType = keyof typeof events;

/** An event as it is written to the outbox and read by every destination. */
export type OutboxEvent = {
  [Type in EventType]: { id: string; type: Type; data: z.output<(typeof events)[Type]['data']> };
}[EventType];
