/** The log of transactions, on a real database and the stand-in for DynamoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Pool } from 'pg';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { aPurchaseMessage } from '../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { startTestDynamo, type TestDynamo } from '../../tests/dynamo.ts';
import { createTestHandlers } from '../../tests/handlers.ts';
import { openShop, POINTS, type Shop, STAMPS } from '../../tests/journeys/shop.ts';
import { idSource } from '../ids/id-source.ts';
import { createDocuments, type DocumentRow } from '../postgres/documents.ts';
import { fromUuid, toUuid } from '../postgres/ids.ts';
import { createLogSource } from '../postgres/transaction-documents.ts';
import { inBusinesses } from '../postgres/tenant.ts';
import { createDynamo, type Dynamo } from './client.ts';
import { unpackDocument } from './document-codec.ts';
import { createDocumentReader } from './document-reader.ts';
import { createTransactionLog, logItem } from './transaction-log.ts';
import { BY_STORE_AND_DAY, dayOf } from './transactions-table.ts';

let database: TestDatabase;
let pool: Pool;
let server: TestDynamo;
let dynamo: Dynamo;
let table: string;
let shop: Shop;
let source: ReturnType<typeof createLogSource>;
let log: ReturnType<typeof createTransactionLog>;

beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), startTestDynamo()]);
  pool = createTestPool(database.workerUrl);
  dynamo = createDynamo({ region: 'eu-west-1', endpoint: server.url });
  table = server.env['TRANSACTIONS_TABLE']!;
  source = createLogSource(pool);
  log = createTransactionLog({ dynamo, table, source });
});

beforeEach(async () => {
  await database.query('DELETE FROM loyalty.outbox');
  shop = await openShop(database.ownerUrl, {
    programs: [STAMPS, POINTS],
    customers: [{ program: 'Stamps' }, { program: 'Stamps' }],
  });
});

afterAll(async () => {
  await dynamo.close();
  await pool.end();
  await database.drop();
  await server.stopAndForget();
});

interface OutRow {
  id: string;
  businessId: string;
  events: OutboxEvent[];
}

/** Records sales of the first customer and of nobody. @returns their rows of the outbox */
async function record(howMany: number, over: object = {}): Promise<OutRow[]> {
  const handle = createTestHandlers(pool)['record-purchase'];
  const customer = (i: number) => (i % 2 === 0 ? { cardCode: shop.cards[0]!.code } : undefined);
  const sales = Array.from({ length: howMany }, (_, i) =>
    aPurchaseMessage(shop, { customer: customer(i), ...over }),
  );
  await handle(sales);
  const rows = await database.query<{ id: string; events: OutboxEvent[] }>(
    'SELECT id, events FROM loyalty.outbox WHERE business_id = $1 ORDER BY id',
    [toUuid(shop.businessId)],
  );
  return rows.map((row) => ({
    id: fromUuid('txn', row.id),
    businessId: shop.businessId,
    events: row.events,
  }));
}

const deliver = (rows: readonly OutRow[]) =>
  log.deliver(rows, { signal: new AbortController().signal });

async function items(): Promise<Record<string, AttributeValue>[]> {
  const { sdk, client } = await dynamo.connect();
  const { Items = [] } = await client.send(new sdk.ScanCommand({ TableName: table }));
  return Items.filter((item) => item['whose']?.S?.startsWith(shop.businessId));
}

/** As the books have them. */
function inBooks(): Promise<(DocumentRow & { receipt: unknown; outcome: unknown })[]> {
  return inBusinesses([shop.businessId], async () => {
    const { rows } = await pool.query<DocumentRow & { receipt: unknown; outcome: unknown }>(
      `SELECT id, customer_id, store_id, occurred_at, receipt, outcome FROM loyalty.transactions
        WHERE business_id = $1 ORDER BY id`,
      [toUuid(shop.businessId)],
    );
    return rows;
  });
}

/** Documents as the edge finds them, and how often the log failed it. */
function openDocuments(over: { endpoint?: string } = {}) {
  const troubles: unknown[] = [];
  const readLog = createDocumentReader({
    table,
    region: 'eu-west-1',
    endpoint: over.endpoint ?? server.url,
    env: {},
    timeoutMs: 10_000,
  });
  const find = createDocuments({
    pool,
    readLog,
    now: () => 0,
    onTrouble: (error) => void troubles.push(error),
  });
  const findAll = async (rows: readonly DocumentRow[]) =>
    inBusinesses([shop.businessId], () => find(shop.businessId, rows));
  return { findAll, readLog, troubles };
}

const documentsOf = (rows: readonly { id: string; receipt: unknown; outcome: unknown }[]) =>
  new Map(rows.map(({ id, receipt, outcome }) => [id, { receipt, outcome }]));

describe('the log of transactions', () => {
  test('has each document once, however often its row comes', async () => {
    const rows = await record(6);
    await deliver(rows.slice(0, 4));
    await Promise.all([deliver(rows), deliver(rows.toReversed())]);
    const kept = await items();
    const ids = kept.map((item) => item['event']!.S!);
    expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  });

  test('says what the books say', async () => {
    await deliver(await record(4));
    const rows = await inBooks();
    const { readLog } = openDocuments();
    const keys = rows.map((row) => ({
      id: fromUuid('txn', row.id),
      businessId: shop.businessId,
      customerId: row.customer_id && fromUuid('cus', row.customer_id),
      storeId: row.store_id && fromUuid('sto', row.store_id),
      occurredAt: row.occurred_at,
    }));
    const found = await readLog(keys);
    expect(new Map([...found].map(([id, document]) => [toUuid(id as 'txn_'), document]))).toEqual(
      documentsOf(rows),
    );
  });

  test('finds a store’s day by its index, and a customer’s card by its time', async () => {
    const rows = await record(5, { occurredAt: new Date().toISOString() });
    await deliver(rows);
    const { sdk, client } = await dynamo.connect();
    const [transaction] = await source.load(rows.slice(0, 1));
    const day = dayOf(shop.businessId, transaction!.storeId!, transaction!.businessDate);
    const ofDay = await client.send(
      new sdk.QueryCommand({
        TableName: table,
        IndexName: BY_STORE_AND_DAY,
        KeyConditionExpression: '#day = :day',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':day': { S: day } },
      }),
    );
    expect(ofDay.Items).toHaveLength(5);
    const ofCard = await client.send(
      new sdk.QueryCommand({
        TableName: table,
        KeyConditionExpression: 'whose = :whose',
        FilterExpression: 'contains(cards, :card)',
        ExpressionAttributeValues: {
          ':whose': { S: `${shop.businessId}#${transaction!.customerId}` },
          ':card': { S: shop.cards[0]!.id },
        },
      }),
    );
    const times = ofCard.Items!.map((item) => item['at']!.S!);
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted());
  });

  test('does not hold what people wrote: such a document is read in the books', async () => {
    const rows = await record(2);
    const [first] = await source.load(rows.slice(0, 1));
    const reason = 'Canária called from +351911111111';
    const item = logItem({ ...first!, receipt: { reason }, outcome: { reason, text: reason } });
    expect(JSON.stringify(item)).not.toContain('Canária');
    expect(item['document']).toBeUndefined();
  });

  test('forgets whoever is erased, and learns nothing new of them', async () => {
    const rows = await record(6);
    await deliver(rows);
    const [{ customer_id: uuid } = { customer_id: '' }] = await database.query<{
      customer_id: string;
    }>(
      `SELECT customer_id FROM loyalty.transactions
        WHERE business_id = $1 AND customer_id IS NOT NULL LIMIT 1`,
      [toUuid(shop.businessId)],
    );
    await database.query('UPDATE customer.customers SET erased_at = now() WHERE id = $1', [uuid]);
    const customerId = fromUuid('cus', uuid);
    const erased: OutboxEvent = {
      id: idSource.id('evt'),
      type: 'customer.erased',
      data: { customerId, cardIds: [] },
    };
    await deliver([{ id: idSource.id('txn'), businessId: shop.businessId, events: [erased] }]);
    // A row that comes late, after the one about the erasure.
    await deliver(rows);
    const kept = await items();
    expect(kept.filter((item) => item['whose']!.S!.includes(customerId))).toEqual([]);
    expect(kept).toHaveLength(3);
    const { findAll } = openDocuments();
    const books = await inBooks();
    expect(await findAll(books)).toEqual(documentsOf(books));
  });
});

describe('what the edge reads', () => {
  test('is right while the log is behind, and half of it is there', async () => {
    const rows = await record(6);
    await deliver(rows.slice(0, 3));
    const { findAll, troubles } = openDocuments();
    const books = await inBooks();
    expect(await findAll(books)).toEqual(documentsOf(books));
    expect(troubles).toEqual([]);
  });

  test('is right while DynamoDB is away, and it is not asked each time', async () => {
    await deliver(await record(4));
    const { findAll, troubles } = openDocuments({ endpoint: 'http://127.0.0.1:9' });
    const books = await inBooks();
    for (let i = 0; i < 3; i += 1) expect(await findAll(books)).toEqual(documentsOf(books));
    expect(troubles).toHaveLength(1);
  });
});

describe('a transaction', () => {
  /** KiB begun, of names and values: what DynamoDB counts a write by. */
  function unitsOf(item: Record<string, AttributeValue>): number {
    const bytes = Object.entries(item).reduce((sum, [name, value]) => {
      const {
        S = '',
        B = new Uint8Array(),
        SS = [],
      } = value as {
        S?: string;
        B?: Uint8Array;
        SS?: string[];
      };
      // A set costs 3 bytes, and each element 1.
      const set = SS.reduce((of, text) => of + text.length + 1, SS.length > 0 ? 3 : 0);
      return sum + name.length + Buffer.byteLength(S) + B.length + set;
    }, 0);
    return Math.ceil(bytes / 1_024);
  }
  const line = (i: number) => ({
    kind: 'item' as const,
    sku: `SKU-${1_000 + i * 37}`,
    category: ['coffee', 'pastry', 'beans'][i % 3]!,
    quantity: String(1 + (i % 3)),
    unitPrice: 250 + i * 10,
    discount: 0,
    tax: 0,
  });
  const total = (count: number) =>
    Array.from({ length: count }, (_, i) => line(i)).reduce(
      (sum, { quantity, unitPrice }) => sum + Number(quantity) * unitPrice,
      0,
    );

  test.each([
    [0, 2],
    [1, 2],
    [6, 2],
    [12, 2],
    [24, 2],
  ])(
    'with %i lines, on two cards, writes %i units, index included; ten a second have 25',
    async (count, units) => {
      const lines = Array.from({ length: count }, (_, i) => line(i));
      const rows = await record(1, count === 0 ? {} : { lines, total: total(count) });
      const [transaction] = await source.load(rows);
      const item = logItem(transaction!);
      expect(unpackDocument((item['document'] as { B: Uint8Array }).B)).toEqual({
        receipt: transaction!.receipt,
        outcome: transaction!.outcome,
      });
      const { whose, at, day } = item;
      const ofTable = unitsOf(item);
      const ofIndex = unitsOf({ whose: whose!, at: at!, day: day! });
      expect(ofTable + ofIndex).toBe(units);

      const { sdk, client } = await dynamo.connect();
      const put = new sdk.PutItemCommand({
        TableName: table,
        Item: item,
        ReturnConsumedCapacity: 'TOTAL',
      });
      // The stand-in counts the table alone.
      const { ConsumedCapacity } = await client.send(put);
      expect(ConsumedCapacity!.CapacityUnits).toBe(ofTable);
    },
  );
});
