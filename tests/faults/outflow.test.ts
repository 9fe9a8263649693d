/** Where facts go may be away, and the relay may die: the API does not notice, and nothing is lost. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createDynamo, type Dynamo } from '../../infra/dynamo/client.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { createSqs, type Sqs } from '../../infra/sqs/client.ts';
import { readFactMessage } from '../../queues/events/fact-message.ts';
import { startTestDynamo, type TestDynamo } from '../dynamo.ts';
import { type Api, createApi } from '../journeys/api.ts';
import { openShop, POINTS, type Shop, STAMPS } from '../journeys/shop.ts';
import { inParallel } from '../replays/site.ts';
import { startTestSqs, type TestSqs } from '../sqs.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';

/** Rows that a relay claims at once. */
const RELAY_BATCH = 500;
const DRAINED = { timeoutMs: 120_000, everyMs: 100 };
/** So many sales are under way at once: no more than an edge on a busy machine keeps up with. */
const TILLS = 20;

let dynamoServer: TestDynamo;
let sqsServer: TestSqs;
let stack: TestStack;
let dynamo: Dynamo;
let sqs: Sqs;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  [dynamoServer, sqsServer] = await Promise.all([startTestDynamo(), startTestSqs()]);
  const env = { ...dynamoServer.env, ...sqsServer.env, POS_REQUESTS_PER_MINUTE: '100000' };
  stack = await startTestStack({ processes: ['edge', 'worker', 'relay'], env });
  dynamo = createDynamo({ region: 'eu-west-1', endpoint: dynamoServer.url });
  sqs = createSqs({ region: 'eu-west-1', endpoint: sqsServer.url, env: {} });
  shop = await openShop(stack.database.ownerUrl, {
    programs: [STAMPS, POINTS],
    customers: [{ program: 'Stamps' }],
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await stack.stop();
  await dynamo.close();
  await Promise.all([dynamoServer.stopAndForget(), sqsServer.stopAndForget()]);
});

/** Sells so often, and waits until all is in the books. @returns the ids of the sales */
async function sell(howMany: number): Promise<string[]> {
  const sales = Array.from({ length: howMany }, () =>
    shop.sale({ customer: { cardCode: shop.cards[0]!.code } }),
  );
  const ids: string[] = [];
  await inParallel(sales, TILLS, async (sale) => void ids.push((await api.record(sale)).id));
  return ids;
}

async function waiting() {
  const [row] = await stack.database.query<{ outbox: number; backlog: number }>(
    `SELECT (SELECT count(*)::int FROM loyalty.outbox) AS outbox,
            (SELECT count(*)::int FROM loyalty.outbox_backlog) AS backlog`,
  );
  return row!;
}

async function isDrained(): Promise<boolean> {
  const { outbox, backlog } = await waiting();
  return outbox + backlog === 0;
}

/** The ids of sales that the log has. */
async function logged(): Promise<Set<string>> {
  const { sdk, client } = await dynamo.connect();
  const TableName = dynamoServer.env['TRANSACTIONS_TABLE']!;
  const pages = sdk.paginateScan({ client }, { TableName, ProjectionExpression: 'event' });
  const ids = new Set<string>();
  for await (const { Items = [] } of pages) for (const item of Items) ids.add(item['event']!.S!);
  return ids;
}

/** Takes everything off the queue of figures. @returns how often each sale was told of */
async function told(): Promise<Map<string, number>> {
  const QueueUrl = sqsServer.env['ANALYTICS_QUEUE_URL']!;
  const times = new Map<string, number>();
  for (;;) {
    const { Messages = [] } = await sqs<{
      Messages?: readonly { Body: string; ReceiptHandle: string }[];
    }>('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 });
    if (Messages.length === 0) return times;
    for (const { event } of Messages.map(({ Body }) => readFactMessage(Body))) {
      if (event.type !== 'transaction.recorded') continue;
      const { transactionId } = event.data;
      times.set(transactionId, (times.get(transactionId) ?? 0) + 1);
    }
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await sqs('DeleteMessageBatch', { QueueUrl, Entries });
  }
}

/** Counts what screens are told from now on. */
async function watchScreens(): Promise<{ seen(): number; close(): void }> {
  const redis = new Redis(stack.redis.url);
  let seen = 0;
  redis.on('pmessage', () => (seen += 1));
  await redis.psubscribe(`${stack.redis.prefix}:card-events:*`);
  return { seen: () => seen, close: () => redis.disconnect() };
}

test('without DynamoDB and SQS sales are taken and screens are told; what waits leaves when they are back', async () => {
  const screens = await watchScreens();
  await Promise.all([dynamoServer.kill('SIGKILL'), sqsServer.kill('SIGKILL')]);

  const ids = await sell(60);
  await until('the screens were told', () => screens.seen() >= 60);
  await until('nothing waits for a relay', async () => (await waiting()).outbox === 0);
  expect((await waiting()).backlog).toBeGreaterThan(0);
  // The log is away, and what it would say is said by the books.
  const [id] = ids;
  const { body } = await api.get<{ transaction: { id: string } }>(`/v1/pos/transactions/${id}`);
  expect(body.transaction.id).toBe(id);

  await Promise.all([dynamoServer.start(), sqsServer.start()]);
  await until('all has left', isDrained, DRAINED);
  expect([...(await logged())].filter((each) => ids.includes(each))).toHaveLength(60);
  expect([...(await told()).keys()].sort()).toEqual(ids.toSorted());
  screens.close();
});

test('kill -9 of the relay among its sending: nothing is missing, and at most a batch comes twice', async () => {
  const { relay } = stack.processes;
  const screens = await watchScreens();
  // It answers nothing: of what the relay sends, a part has arrived and a part is on its way.
  await dynamoServer.kill('SIGSTOP');
  const selling = sell(300);
  await until('it is sending', () => screens.seen() > 0);
  await relay!.kill('SIGKILL');
  screens.close();
  expect(await isDrained()).toBe(false);
  await dynamoServer.kill('SIGCONT');
  await relay!.start();
  const ids = await selling;
  await until('all has left', isDrained, DRAINED);

  const times = await told();
  expect([...times.keys()].sort()).toEqual(ids.toSorted());
  const twice = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
  expect(twice).toBeLessThanOrEqual(RELAY_BATCH);
  const inLog = await logged();
  expect(ids.filter((id) => !inLog.has(id))).toEqual([]);
});

test('reads are the log’s where it has the document, and the same without it', async () => {
  const read = async () => {
    const sale = await api.get<object>(`/v1/pos/transactions/externalId:${externalId}`);
    const history = await api.get<{ data: { explanation: { text: string }[] }[] }>(
      `/v1/admin/cards/${shop.cards[0]!.id}/history?limit=20`,
    );
    const explained = await api.get<object>(`/v1/admin/transactions/${id}`);
    expect([sale.status, history.status, explained.status]).toEqual([200, 200, 200]);
    return { sale: sale.body, history: history.body, explained: explained.body };
  };
  const [id = ''] = await sell(1);
  const [row] = await stack.database.query<{ external_id: string }>(
    'SELECT external_id FROM loyalty.transactions WHERE id = $1',
    [toUuid(id as 'txn_')],
  );
  const externalId = encodeURIComponent(row!.external_id);
  await until('it has left', isDrained, DRAINED);
  const withLog = await read();
  await mark(id);
  // An edge that the log has answered too late reads the books for a while.
  await until('the log is read', async () =>
    Object.values(await read()).every((page) => JSON.stringify(page).includes('marked in the log')),
  );
  await dynamoServer.kill('SIGKILL');
  expect(await read()).toEqual(withLog);
  await dynamoServer.start();
});

/** Changes a document, so that a reader can be told from one of the books. */
async function mark(id: string): Promise<void> {
  const { packDocument, unpackDocument } = await import('../../infra/dynamo/document-codec.ts');
  const { sdk, client } = await dynamo.connect();
  const TableName = dynamoServer.env['TRANSACTIONS_TABLE']!;
  const filter = {
    TableName,
    FilterExpression: 'event = :id',
    ExpressionAttributeValues: { ':id': { S: id } },
  };
  const { Items: [item] = [] } = await client.send(new sdk.ScanCommand(filter));
  const document = unpackDocument(item!['document']!.B!);
  const { cards } = document.outcome as {
    cards: { cardId: string; explanation: { text: string }[] }[];
  };
  const card = cards.find(({ cardId }) => cardId === shop.cards[0]!.id)!;
  card.explanation[0]!.text = 'marked in the log';
  const Item = { ...item, document: { B: packDocument(document) } };
  await client.send(new sdk.PutItemCommand({ TableName, Item }));
}
