import type { Figures, Told } from '../../../domain/analytics/figures.ts';
import { readFactMessage } from '../../../queues/events/fact-message.ts';
import type { SqsHandler } from '../sqs-event.ts';

/**
 * Counts facts that left, a batch in one commit. Outcomes: counted, or counted before (a message may
 * come twice, late and in any order); unreadable, or about what the books do not have: told to come
 * again, until the queue puts it aside for people. One that fails never fails its neighbours.
 */
export function createAnalyticsHandler(dependencies: {
  figures: Figures;
  /** Without a message where a whole batch failed, which is then tried one by one. */
  onError: (error: unknown, messageId: string | undefined) => void;
}): SqsHandler {
  const { figures, onError } = dependencies;

  async function count(messages: readonly Read[]): Promise<string[]> {
    try {
      const unknown = new Set(await figures.count(messages.map(({ told }) => told)));
      return messages
        .filter(({ told }) => told.transactionIds.some((id) => unknown.has(id)))
        .map(({ messageId }) => messageId);
    } catch (error) {
      onError(error, messages.length === 1 ? messages[0]?.messageId : undefined);
      if (messages.length <= 1) return messages.map(({ messageId }) => messageId);
      const failed: string[] = [];
      for (const one of messages) failed.push(...(await count([one])));
      return failed;
    }
  }

  return async ({ Records }) => {
    const readable: Read[] = [];
    const failed: string[] = [];
    for (const { messageId, body } of Records) {
      try {
        readable.push({ messageId, told: read(body) });
      } catch (error) {
        onError(error, messageId);
        failed.push(messageId);
      }
    }
    failed.push(...(await count(readable)));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

interface Read {
  messageId: string;
  told: Told;
}

interface Named {
  [other: string]: unknown;
  transactionId?: string;
  cardId?: string;
  intoCardId?: string;
  cardIds?: readonly string[];
}

/** Whatever the event is: what matters is which transaction and which cards it is about. */
function read(body: string): Told {
  const { businessId, event } = readFactMessage(body);
  const data: Named = { ...event.data };
  const cards = [data.cardId, data.intoCardId, ...(data.cardIds ?? [])];
  return {
    businessId: businessId as Told['businessId'],
    transactionIds: data.transactionId
      ? [data.transactionId as Told['transactionIds'][number]]
      : [],
    cardIds: cards.filter((id) => id !== undefined) as Told['cardIds'][number][],
  };
}
