import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

export interface DocumentKey {
  id: string;
  businessId: string;
  customerId: string | null;
  storeId: string | null;
  /** Epoch milliseconds. */
  occurredAt: number;
}

/** Name of the index by store and business date. */
export const BY_STORE_AND_DAY = 'by-store-and-day';

/**
 * The log of transactions: a customer's cards by time, and each store's days. A sale that named nobody
 * lies with its store. Reads and writes are provisioned, because 25 of each cost nothing: a transaction
 * writes one unit to the table and one to the index.
 */
export function transactionsTable(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 20, WriteCapacityUnits: 13 },
    AttributeDefinitions: ['whose', 'at', 'day'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'whose', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: BY_STORE_AND_DAY,
        KeySchema: [
          { AttributeName: 'day', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 12 },
      },
    ],
  };
}

/** Where a transaction lies: `whose` it is, and `at` which time, made one of a kind by its id. */
export function placeOf(key: DocumentKey): { whose: string; at: string } {
  const { businessId, customerId, storeId, id } = key;
  return {
    whose: partitionOf(businessId, customerId ?? storeId ?? 'nobody'),
    at: `${new Date(key.occurredAt).toISOString()}#${id}`,
  };
}

/** All that lies with somebody. */
export function partitionOf(businessId: string, owner: string): string {
  return `${businessId}#${owner}`;
}

/** A store's business date in the index. */
export function dayOf(businessId: string, storeId: string, businessDate: string): string {
  return `${businessId}#${storeId}#${businessDate}`;
}
