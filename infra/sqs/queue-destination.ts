import { type FunctionName, isWanted } from '../../queues/functions.ts';
import { type FactMessage, writeFactMessage } from '../../queues/events/fact-message.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { Sqs } from './client.ts';
import type { QueueUrls } from './dead-letters.ts';

/** What SQS takes in one request: so many messages, together so long. */
const MAX_MESSAGES = 10;
const MAX_BYTES = 256 * 1_024;
/** Requests under way at once: SQS answers one in some 10 ms. */
const PARALLEL = 4;

interface SendAnswer {
  Failed?: readonly { Id: string; Code: string; Message?: string }[];
}

/** The queue of a function, told of each fact that the function wants by a message of its own. */
export function createQueueDestination(options: {
  sqs: Sqs;
  function: FunctionName;
  queueUrl: string;
}) {
  const { sqs, function: name, queueUrl } = options;

  async function send(bodies: readonly string[], signal: AbortSignal): Promise<void> {
    const Entries = bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody }));
    const input = { QueueUrl: queueUrl, Entries };
    const { Failed = [] } = await sqs<SendAnswer>('SendMessageBatch', input, signal);
    const [first] = Failed;
    if (first) throw new Error(`${name}: ${Failed.length} messages were not taken: ${first.Code}`);
  }

  return {
    name: `queue-${name}`,
    batchSize: 100,
    timeoutMs: 5_000,
    wants: (event: OutboxEvent) => isWanted(name, event.type),
    async deliver(
      rows: readonly { businessId: string; events: readonly OutboxEvent[] }[],
      { signal }: { signal: AbortSignal },
    ): Promise<void> {
      const messages = rows.flatMap(({ businessId, events }) =>
        events.map((event): FactMessage => ({ businessId, event })),
      );
      const batches = inRequests(messages.map(writeFactMessage));
      const sendSome = async () => {
        for (let batch = batches.pop(); batch; batch = batches.pop()) await send(batch, signal);
      };
      await Promise.all(Array.from({ length: PARALLEL }, sendSome));
    },
  };
}

function inRequests(bodies: readonly string[]): string[][] {
  const requests: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const body of bodies) {
    const length = Buffer.byteLength(body);
    const last = requests.at(-1);
    if (!last || last.length === MAX_MESSAGES || bytes + length > MAX_BYTES) {
      requests.push([body]);
      bytes = length;
    } else {
      last.push(body);
      bytes += length;
    }
  }
  return requests;
}

/** A destination for each function that has a queue. */
export function createQueueDestinations(sqs: Sqs, queueUrls: QueueUrls) {
  const names = Object.keys(queueUrls) as FunctionName[];
  return names.flatMap((name) => {
    const queueUrl = queueUrls[name];
    return queueUrl === undefined ? [] : createQueueDestination({ sqs, function: name, queueUrl });
  });
}
