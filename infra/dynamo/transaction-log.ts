import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { writtenTexts } from '../../domain/customers/erase.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { LoggedTransaction, LogSource } from '../postgres/transaction-documents.ts';
import type { Dynamo } from './client.ts';
import { packDocument } from './document-codec.ts';
import { dayOf, partitionOf, placeOf } from './transactions-table.ts';

interface Row {
  id: string;
  businessId: string;
  events: readonly OutboxEvent[];
}

/** Requests under way at once. */
const PARALLEL = 8;
/** What DynamoDB removes in one request. */
const REMOVED_AT_ONCE = 25;
const MAX_REMEMBERED = 10_000;

/**
 * The log of transactions in DynamoDB: one document each, written once however often its row comes. It
 * holds ids, and nothing that says who somebody is: what people wrote is left out, and whoever is
 * erased has no documents.
 */
export function createTransactionLog(options: {
  dynamo: Dynamo;
  table: string;
  source: LogSource;
}) {
  const { dynamo, table, source } = options;
  /**
   * Written, while others of their batch were not: a batch that comes again after a refusal for too
   * much traffic must not cost its writes again.
   */
  const written = new Set<string>();

  async function write(transaction: LoggedTransaction, signal: AbortSignal): Promise<void> {
    if (written.has(transaction.id)) return;
    const { sdk, client } = await dynamo.connect();
    const put = new sdk.PutItemCommand({
      TableName: table,
      Item: logItem(transaction),
      ConditionExpression: 'attribute_not_exists(event)',
    });
    try {
      await client.send(put, { abortSignal: signal });
    } catch (error) {
      // It came before.
      if (!(error instanceof sdk.ConditionalCheckFailedException)) throw error;
    }
    if (written.size >= MAX_REMEMBERED) written.clear();
    written.add(transaction.id);
  }

  async function forget(businessId: string, customerId: string, signal: AbortSignal) {
    for (const owner of await source.findMerged(businessId, customerId)) {
      await removePartition(partitionOf(businessId, owner), signal);
    }
  }

  async function removePartition(whose: string, abortSignal: AbortSignal): Promise<void> {
    const { sdk, client } = await dynamo.connect();
    for (;;) {
      const query = new sdk.QueryCommand({
        TableName: table,
        KeyConditionExpression: 'whose = :whose',
        ExpressionAttributeValues: { ':whose': { S: whose } },
        // `at` is a word of DynamoDB's own.
        ProjectionExpression: 'whose, #at',
        ExpressionAttributeNames: { '#at': 'at' },
        ConsistentRead: true,
        Limit: REMOVED_AT_ONCE,
      });
      const { Items = [] } = await client.send(query, { abortSignal });
      if (Items.length === 0) return;
      const removal = new sdk.BatchWriteItemCommand({
        RequestItems: { [table]: Items.map((Key) => ({ DeleteRequest: { Key } })) },
      });
      // What it left is found by the next look.
      await client.send(removal, { abortSignal });
    }
  }

  return {
    name: 'transaction-log',
    batchSize: 25,
    timeoutMs: 5_000,
    async deliver(rows: readonly Row[], { signal }: { signal: AbortSignal }): Promise<void> {
      const transactions = await source.load(rows);
      const waiting = [...transactions];
      const writeSome = async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) await write(next, signal);
      };
      await Promise.all(Array.from({ length: PARALLEL }, writeSome));
      for (const { businessId, events } of rows) {
        for (const event of events) {
          if (event.type !== 'customer.erased') continue;
          await forget(businessId, event.data.customerId, signal);
        }
      }
      for (const { id } of transactions) written.delete(id);
    },
  };
}

/** A transaction as the table keeps it. */
export function logItem(transaction: LoggedTransaction): Record<string, AttributeValue> {
  const { id, businessId, storeId, businessDate, kind, receipt, outcome } = transaction;
  const { whose, at } = placeOf(transaction);
  const hasTexts = writtenTexts([receipt, outcome]).length > 0;
  const cards = cardsOf(outcome);
  return {
    whose: { S: whose },
    at: { S: at },
    ...(storeId !== null && { day: { S: dayOf(businessId, storeId, businessDate) } }),
    // The outbox row's: what makes a second delivery do nothing.
    event: { S: id },
    kind: { S: kind },
    ...(cards.length > 0 && { cards: { SS: cards } }),
    // What people wrote may name somebody, and stays in the books alone.
    ...(!hasTexts && { document: { B: packDocument({ receipt, outcome }) } }),
  };
}

/** The cards that an outcome speaks of. */
function cardsOf(outcome: unknown): string[] {
  const { cards = [], cardId } = (outcome ?? {}) as {
    cards?: readonly { cardId?: string }[];
    cardId?: string;
  };
  const all = [cardId, ...cards.map((card) => card.cardId)];
  return [...new Set(all.filter((id) => id !== undefined))];
}
