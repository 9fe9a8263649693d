import { z } from 'zod';
import { defineEvent } from '../define.ts';

const money = z.strictObject({ amount: z.int(), currency: z.string() });
const amount = z.union([z.int(), z.string()]);
const card = { cardId: z.string(), programId: z.string(), customerId: z.string() };

export const transactionRecorded = defineEvent({
  type: 'transaction.recorded',
  version: 1,
  about:
    'A sale was recorded. In `review` it waits for somebody to look at it, and has earned nothing yet.',
  data: z.strictObject({
    transactionId: z.string(),
    externalId: z.string(),
    storeId: z.string(),
    status: z.enum(['recorded', 'review']),
    occurredAt: z.iso.datetime(),
    total: money,
    customerId: z.string().nullable(),
    cardIds: z.array(z.string()),
  }),
});

export const transactionClaimed = defineEvent({
  type: 'transaction.claimed',
  version: 1,
  about: 'A sale that named nobody has been claimed: it is this customer’s from its beginning.',
  data: z.strictObject({
    /** The claim's own id. */
    transactionId: z.string(),
    /** The sale. */
    originalId: z.string(),
    storeId: z.string(),
    customerId: z.string(),
    cardIds: z.array(z.string()),
  }),
});

export const customerEnrolled = defineEvent({
  type: 'customer.enrolled',
  version: 1,
  about: 'Somebody has become a customer.',
  data: z.strictObject({ customerId: z.string(), storeId: z.string().nullable() }),
});

export const customerImported = defineEvent({
  type: 'customer.imported',
  version: 1,
  about:
    'Somebody was brought along from the system before: nobody enrolled, so nobody is welcomed.',
  data: z.strictObject({ customerId: z.string(), importId: z.string() }),
});

export const customerMerged = defineEvent({
  type: 'customer.merged',
  version: 1,
  about: 'Two customers are one: whoever survives has what both had.',
  data: z.strictObject({ customerId: z.string(), survivorId: z.string() }),
});

export const customerUnmerged = defineEvent({
  type: 'customer.unmerged',
  version: 1,
  about: 'A merge was taken back.',
  data: z.strictObject({ customerId: z.string(), survivorId: z.string() }),
});

export const customerErased = defineEvent({
  type: 'customer.erased',
  version: 1,
  about: 'A customer was erased; their cards are closed.',
  /** The cards are closed. */
  data: z.strictObject({ customerId: z.string(), cardIds: z.array(z.string()) }),
});

export const cardMerged = defineEvent({
  type: 'card.merged',
  version: 1,
  about: 'A card was merged into another one.',
  data: z.strictObject({ ...card, sequence: z.int(), intoCardId: z.string() }),
});

export const cardOpened = defineEvent({
  type: 'card.opened',
  version: 1,
  about: 'A card was opened.',
  data: z.strictObject({ ...card, sequence: z.int() }),
});

export const cardBalanceChanged = defineEvent({
  type: 'card.balance_changed',
  version: 1,
  about: 'A card holds more or less than before.',
  data: z.strictObject({
    ...card,
    sequence: z.int(),
    transactionId: z.string(),
    earned: amount,
    balance: amount,
  }),
});

const reward = {
  ...card,
  sequence: z.int(),
  transactionId: z.string(),
  rewardId: z.string(),
  definitionId: z.string(),
  name: z.string(),
};

export const rewardIssued = defineEvent({
  type: 'reward.issued',
  version: 1,
  about: 'A card was given a reward.',
  data: z.strictObject({ ...reward, expiresAt: z.iso.datetime().nullable() }),
});

const offer = { instanceId: z.string(), offerId: z.string(), ...card };
const completion = { transactionId: z.string(), completedAt: z.iso.datetime() };

export const offerGiven = defineEvent({
  type: 'offer.given',
  version: 1,
  about: 'A customer received an offer.',
  data: z.strictObject({ ...offer, closesAt: z.iso.datetime() }),
});

export const offerCompleted = defineEvent({
  type: 'offer.completed',
  version: 1,
  about: 'A customer has done what an offer asks for.',
  data: z.strictObject({ ...offer, ...completion }),
});

export const offerMoved = defineEvent({
  type: 'offer.moved',
  version: 1,
  about:
    'It was complete already; by the order of sales, another one completed it. The benefit stands.',
  data: z.strictObject({ ...offer, ...completion }),
});

export const offerWithdrawn = defineEvent({
  type: 'offer.withdrawn',
  version: 1,
  about: 'A refund left an offer incomplete, and its benefit was taken back.',
  data: z.strictObject(offer),
});

export const tierChanged = defineEvent({
  type: 'tier.changed',
  version: 1,
  about: 'A card has reached another level, or lost one.',
  data: z.strictObject({
    ...card,
    sequence: z.int(),
    /** Absent where levels were only put right, as after a refund. */
    direction: z.enum(['up', 'down']).optional(),
    /** Names of levels; null is none. */
    from: z.string().nullable(),
    to: z.string().nullable(),
    since: z.iso.datetime(),
    /** When the level is looked at again. */
    until: z.iso.datetime(),
  }),
});

export const tierDowngradeDue = defineEvent({
  type: 'tier.downgrade_due',
  version: 1,
  about: 'A card will lose its level unless it earns or spends some more.',
  data: z.strictObject({
    ...card,
    sequence: z.int(),
    level: z.string(),
    wouldBecome: z.string().nullable(),
    /** The last moment of the level, at least 14 days ahead. */
    fallsAt: z.iso.datetime(),
    /** What would keep it: points or stamps earned, or money spent in minor units. */
    missing: amount,
    missingOf: z.enum(['earned', 'spend']),
  }),
});

export const rewardReserved = defineEvent({
  type: 'reward.reserved',
  version: 1,
  about: 'A reward is being used: nobody else can, until then.',
  data: z.strictObject({ ...reward, reservedUntil: z.iso.datetime() }),
});

export const rewardReleased = defineEvent({
  type: 'reward.released',
  version: 1,
  about: 'A reward can be used again: its reservation was cancelled, or its time was over.',
  data: z.strictObject(reward),
});

export const rewardRedeemed = defineEvent({
  type: 'reward.redeemed',
  version: 1,
  about: 'A reward was used.',
  data: z.strictObject({
    ...reward,
    storeId: z.string().nullable(),
    redeemedAt: z.iso.datetime(),
  }),
});

export const rewardReversed = defineEvent({
  type: 'reward.reversed',
  version: 1,
  about:
    'A redemption was taken back; the benefit lives on in `replacedBy`, which has its own event.',
  data: z.strictObject({ ...reward, replacedBy: z.string() }),
});

export const rewardExpired = defineEvent({
  type: 'reward.expired',
  version: 1,
  about: 'A reward was not used in time.',
  data: z.strictObject({ ...reward, expiresAt: z.iso.datetime() }),
});

export const transactionRefunded = defineEvent({
  type: 'transaction.refunded',
  version: 1,
  about: 'Something of a sale was refunded.',
  data: z.strictObject({
    /** The refund's own id. */
    transactionId: z.string(),
    externalId: z.string(),
    /** The sale. */
    originalId: z.string(),
    storeId: z.string(),
    occurredAt: z.iso.datetime(),
    refunded: money,
    remaining: money,
    customerId: z.string().nullable(),
    cardIds: z.array(z.string()),
  }),
});

export const rewardRevoked = defineEvent({
  type: 'reward.revoked',
  version: 1,
  about: 'A reward was taken back, as what it was for was refunded.',
  data: z.strictObject({
    ...card,
    sequence: z.int(),
    transactionId: z.string(),
    rewardId: z.string(),
    name: z.string(),
  }),
});

export const programPublished = defineEvent({
  type: 'program.published',
  version: 1,
  about: 'A version of a program was published.',
  data: z.strictObject({
    programId: z.string(),
    /** Number of the program's version. */
    version: z.int(),
    /** From when on it judges; may lie ahead. */
    from: z.iso.datetime(),
  }),
});

export const jobFailed = defineEvent({
  type: 'job.failed',
  version: 1,
  about: 'A command used up its tries: it is ours to mend, and then does what was asked.',
  data: z.strictObject({
    jobId: z.string(),
    /** The command's name. */
    type: z.string(),
    receivedAt: z.iso.datetime(),
  }),
});

export const webhookEndpointDisabled = defineEvent({
  type: 'webhook-endpoint.disabled',
  version: 1,
  about: 'For the business’s people, by e-mail: nothing is sent to this endpoint any more.',
  data: z.strictObject({
    endpointId: z.string(),
    name: z.string(),
    /** It answered 410, or nothing arrived there for days. */
    reason: z.enum(['gone', 'failing']),
    failingSince: z.iso.datetime().nullable(),
    disabledAt: z.iso.datetime(),
  }),
});

export const cardExpiryDue = defineEvent({
  type: 'card.expiry_due',
  version: 1,
  about:
    'What a card holds and loses at the end of a day about two weeks ahead; once a card and day.',
  data: z.strictObject({
    ...card,
    /** In the program's zone. */
    expiresOn: z.iso.date(),
    amount,
    rewards: z.array(z.strictObject({ rewardId: z.string(), name: z.string() })),
  }),
});

export const staffInvited = defineEvent({
  type: 'staff.invited',
  version: 1,
  about: 'Somebody was put on the staff, or got another address before they first came.',
  data: z.strictObject({ staffId: z.string() }),
});

const weekFigures = z.strictObject({
  sales: z.int(),
  /** Sales less refunds, by currency. */
  revenue: z.array(money),
  customers: z.int(),
  newCustomers: z.int(),
  rewardsIssued: z.int(),
  rewardsRedeemed: z.int(),
});

export const weekReported = defineEvent({
  type: 'week.reported',
  version: 1,
  about: 'What a business did in a week, Monday to Sunday in its own zone.',
  data: z.strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    figures: weekFigures,
    weekBefore: weekFigures,
  }),
});

/** Every fact that leaves, by type. */
export const events = {
  [transactionRecorded.type]: transactionRecorded,
  [transactionClaimed.type]: transactionClaimed,
  [customerEnrolled.type]: customerEnrolled,
  [customerImported.type]: customerImported,
  [customerMerged.type]: customerMerged,
  [customerUnmerged.type]: customerUnmerged,
  [customerErased.type]: customerErased,
  [cardMerged.type]: cardMerged,
  [cardOpened.type]: cardOpened,
  [cardBalanceChanged.type]: cardBalanceChanged,
  [rewardIssued.type]: rewardIssued,
  [offerGiven.type]: offerGiven,
  [offerCompleted.type]: offerCompleted,
  [offerMoved.type]: offerMoved,
  [offerWithdrawn.type]: offerWithdrawn,
  [rewardReserved.type]: rewardReserved,
  [rewardReleased.type]: rewardReleased,
  [rewardRedeemed.type]: rewardRedeemed,
  [rewardReversed.type]: rewardReversed,
  [rewardExpired.type]: rewardExpired,
  [transactionRefunded.type]: transactionRefunded,
  [rewardRevoked.type]: rewardRevoked,
  [tierChanged.type]: tierChanged,
  [tierDowngradeDue.type]: tierDowngradeDue,
  [programPublished.type]: programPublished,
  [jobFailed.type]: jobFailed,
  [webhookEndpointDisabled.type]: webhookEndpointDisabled,
  [cardExpiryDue.type]: cardExpiryDue,
  [staffInvited.type]: staffInvited,
  [weekReported.type]: weekReported,
} as const;

export type EventType = keyof typeof events;

const forPeople: readonly EventType[] = [
  webhookEndpointDisabled.type,
  staffInvited.type,
  weekReported.type,
];

/** What a business's servers may be told: all but what is for its people alone. */
export const webhookTypes = (Object.keys(events) as EventType[]).filter(
  (type) => !forPeople.includes(type),
);

/** An event as it is written to the outbox and read by every destination. */
export type OutboxEvent = {
  [Type in EventType]: {
    id: string;
    type: Type;
    data: z.output<(typeof events)[Type]['data']>;
    /** W3C trace context of what caused it, where that was known. */
    traceparent?: string;
  };
}[EventType];
