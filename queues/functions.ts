import type { EventType } from './events/events.ts';

/** Work on facts that nobody waits for, done by a function behind a queue of its own. */
export interface FunctionDefinition {
  /** Which facts it is told of. */
  wants: readonly EventType[];
  /** How long one batch of messages may take. */
  timeoutSeconds: number;
}

export const functions = {
  /** Letters to customers and staff. */
  email: {
    wants: [
      'customer.enrolled',
      'reward.issued',
      'card.expiry_due',
      'tier.changed',
      'tier.downgrade_due',
      'staff.invited',
      'week.reported',
      'webhook-endpoint.disabled',
    ],
    timeoutSeconds: 30,
  },
  /** Figures of what happened: whatever tells of a transaction, or of a card that changed. */
  analytics: {
    wants: [
      'transaction.recorded',
      'transaction.refunded',
      'transaction.claimed',
      'card.balance_changed',
      'card.merged',
      'reward.issued',
      'reward.reserved',
      'reward.released',
      'reward.redeemed',
      'reward.reversed',
      'reward.expired',
      'reward.revoked',
      'customer.erased',
    ],
    timeoutSeconds: 30,
  },
  /** What became of letters: SES tells it by way of SNS, so there is no fact in it. */
  feedback: { wants: [], timeoutSeconds: 30 },
} as const satisfies Readonly<Record<string, FunctionDefinition>>;

export type FunctionName = keyof typeof functions;
export const functionNames = Object.keys(functions) as FunctionName[];

/** Whether a function is told of facts of a type. */
export function isWanted(name: FunctionName, type: EventType): boolean {
  const { wants }: FunctionDefinition = functions[name];
  return wants.includes(type);
}

/** Messages that a function is handed at once, at most. */
export const FUNCTION_BATCH = 10;
/** A message that was tried so often goes to the dead letters. */
export const MAX_RECEIVES = 5;
const RETENTION_SECONDS = 14 * 86_400;
/** A batch that was cut off is not seen again before it surely has ended: what AWS advises. */
const TIMEOUTS_UNSEEN = 6;

/** The name of the queue in which a queue's dead letters lie. */
export function deadLettersOf(queue: string): string {
  return `${queue}-dlq`;
}

/** The attributes of a function's queue, as SQS takes them. */
export function queueAttributes(
  name: FunctionName,
  deadLettersArn: string,
): Readonly<Record<string, string>> {
  return {
    VisibilityTimeout: String(TIMEOUTS_UNSEEN * functions[name].timeoutSeconds),
    MessageRetentionPeriod: String(RETENTION_SECONDS),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLettersArn,
      maxReceiveCount: MAX_RECEIVES,
    }),
  };
}

/** The attributes of a queue of dead letters: as long as SQS keeps anything. */
export const deadLetterAttributes: Readonly<Record<string, string>> = {
  MessageRetentionPeriod: String(RETENTION_SECONDS),
};
