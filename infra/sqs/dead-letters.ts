import { deadLettersOf, type FunctionName } from '../../queues/functions.ts';
import type { Sqs } from './client.ts';

/** The URLs of the functions' queues; a function without one has no queue here. */
export type QueueUrls = Readonly<Partial<Record<FunctionName, string>>>;

/** How many messages there are, about: SQS counts on several machines. */
export interface QueueDepth {
  function: FunctionName;
  /** For the function. */
  waiting: number;
  /** In the function's hands, or between two tries. */
  inFlight: number;
  /** Tried too often, put aside for people. */
  dead: number;
}

/** A message that was put aside. */
export interface DeadLetter {
  messageId: string;
  sentAt: string;
  /** As it was sent; a fact of ours unless it is the reason why it lies here. */
  body: string;
}

interface Received {
  Messages?: readonly {
    MessageId: string;
    ReceiptHandle: string;
    Body: string;
    Attributes?: Readonly<Record<string, string>>;
  }[];
}

const BATCH = 10;
const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
/** While a letter is carried back nobody else carries it. */
const CARRY_SECONDS = 60;

/** What functions could not do, for whoever looks after the system. */
export function createDeadLetters({ sqs, queueUrls }: { sqs: Sqs; queueUrls: QueueUrls }) {
  async function count(queueUrl: string) {
    const { Attributes = {} } = await sqs<{ Attributes?: Readonly<Record<string, string>> }>(
      'GetQueueAttributes',
      { QueueUrl: queueUrl, AttributeNames: COUNTS },
    );
    const [waiting = 0, inFlight = 0] = COUNTS.map((name) => Number(Attributes[name] ?? 0));
    return { waiting, inFlight };
  }

  const receive = async (queueUrl: string, limit: number, unseenSeconds: number) => {
    const answer = await sqs<Received>('ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(limit, BATCH),
      VisibilityTimeout: unseenSeconds,
      // As long as `peek` hides what it shows, and a little more.
      WaitTimeSeconds: 2,
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    return answer.Messages ?? [];
  };

  /** @throws Error when the function has no queue here */
  function urlOf(name: FunctionName): string {
    const url = queueUrls[name];
    if (url === undefined) throw new Error(`the function ${name} has no queue here`);
    return url;
  }

  return {
    /** One row a function that has a queue. */
    async depths(): Promise<QueueDepth[]> {
      const names = Object.keys(queueUrls) as FunctionName[];
      return Promise.all(
        names.map(async (name) => {
          const [own, dead] = await Promise.all([
            count(urlOf(name)),
            count(deadLettersOf(urlOf(name))),
          ]);
          return { function: name, ...own, dead: dead.waiting + dead.inFlight };
        }),
      );
    },

    /** Some of a function's dead letters, which stay where they are; at most `limit`, at most 10. */
    async peek(name: FunctionName, limit = BATCH): Promise<DeadLetter[]> {
      // For a second nobody else sees them: at 0 the same one would come several times.
      const messages = await receive(deadLettersOf(urlOf(name)), limit, 1);
      return messages.map((message) => ({
        messageId: message.MessageId,
        sentAt: new Date(Number(message.Attributes?.['SentTimestamp'] ?? 0)).toISOString(),
        body: message.Body,
      }));
    },

    /**
     * Sends a function's dead letters to it again, as many as lay there when it began: one that fails
     * again comes back later and is not carried in circles. It is sent before it is removed, so it
     * may come twice; functions bear that.
     * @returns how many
     */
    async redrive(name: FunctionName): Promise<number> {
      const queueUrl = urlOf(name);
      const from = deadLettersOf(queueUrl);
      const { waiting, inFlight } = await count(from);
      const all = waiting + inFlight;
      let carried = 0;
      while (carried < all) {
        const messages = await receive(from, all - carried, CARRY_SECONDS);
        if (messages.length === 0) break;
        await carry({ messages, from, to: queueUrl });
        carried += messages.length;
      }
      return carried;
    },
  };

  async function carry(work: {
    messages: NonNullable<Received['Messages']>;
    from: string;
    to: string;
  }): Promise<void> {
    const { messages, from, to } = work;
    await inFull('SendMessageBatch', {
      QueueUrl: to,
      Entries: messages.map(({ Body }, i) => ({ Id: String(i), MessageBody: Body })),
    });
    await inFull('DeleteMessageBatch', {
      QueueUrl: from,
      Entries: messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
    });
  }

  async function inFull(
    action: 'SendMessageBatch' | 'DeleteMessageBatch',
    input: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { Failed = [] } = await sqs<{ Failed?: readonly { Code: string }[] }>(action, input);
    if (Failed[0]) throw new Error(`${action}: ${Failed.length} failed: ${Failed[0].Code}`);
  }
}

export type DeadLetters = ReturnType<typeof createDeadLetters>;
