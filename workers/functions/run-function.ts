import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Consumer } from 'sqs-consumer';
import { FUNCTION_BATCH, type FunctionName } from '../../queues/functions.ts';
import type { RunningFunction, SqsRecord } from '../lambdas/sqs-event.ts';

export interface RunFunctionOptions {
  name: FunctionName;
  function: RunningFunction;
  queueUrl: string;
  sqs: SQSClient;
  /** How long SQS holds a request for messages that are not there yet. */
  waitSeconds: number;
  log: Logger;
}

const PAUSE_AFTER_ERROR_MS = 1_000;
/** Longer than a batch and a wait for messages. */
const STOP_LIMIT_MS = 22_000;

/**
 * Does for a function what Lambda does: takes messages off its queue, hands them over in batches, and
 * removes those that it does not report. The others come again when their time unseen is over.
 * @returns stop: resolves when the batch under way is done
 */
export function runFunction(options: RunFunctionOptions): { stop(): Promise<void> } {
  const { name, queueUrl, sqs, log } = options;

  async function hand(messages: Message[]): Promise<Message[]> {
    const Records = messages.map(toRecord);
    const { batchItemFailures } = await options.function.handle({ Records });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
  }

  let isInTrouble = false;
  const consumer = Consumer.create({
    queueUrl,
    sqs,
    batchSize: FUNCTION_BATCH,
    waitTimeSeconds: options.waitSeconds,
    // The consumer itself would ask again at once.
    preReceiveMessageCallback: async () => {
      if (isInTrouble) await pause(PAUSE_AFTER_ERROR_MS);
      isInTrouble = false;
    },
    pollingCompleteWaitTimeMs: STOP_LIMIT_MS,
    handleMessageBatch: hand,
  });
  // SQS away, or a batch that threw: it is tried again in both cases.
  const onError = (error: Error) => {
    isInTrouble = true;
    log.warn({ err: error, function: name }, 'trying again');
  };
  consumer.on('error', onError);
  consumer.on('processing_error', onError);
  consumer.start();

  return {
    stop: () =>
      new Promise((resolve) => {
        consumer.once('stopped', () => resolve());
        consumer.stop();
      }),
  };
}

function toRecord({ MessageId = '', Body = '' }: Message): SqsRecord {
  return { messageId: MessageId, body: Body };
}
