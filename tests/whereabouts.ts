import { Redis } from 'ioredis';
import { createDynamo } from '../infra/dynamo/client.ts';
import { unpackDocument } from '../infra/dynamo/document-codec.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';
import { createSqs } from '../infra/sqs/client.ts';
import { deadLettersOf } from '../queues/functions.ts';
import type { TestDatabase } from './database.ts';

/** Everything that Redis holds under a prefix, keys and values of every type, as one text. */
export async function dumpRedis(redis: { url: string; prefix: string }): Promise<string> {
  const client = new Redis(redis.url, { lazyConnect: true });
  await client.connect();
  try {
    const texts: string[] = [];
    for await (const keys of client.scanStream({ match: `${redis.prefix}*`, count: 500 })) {
      for (const key of keys as string[]) texts.push(key, await readKey(client, key));
    }
    return texts.join('\n');
  } finally {
    client.disconnect();
  }
}

async function readKey(client: Redis, key: string): Promise<string> {
  const readers: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => client.get(key),
    hash: () => client.hgetall(key),
    list: () => client.lrange(key, 0, -1),
    set: () => client.smembers(key),
    zset: () => client.zrange(key, '0', '-1'),
    stream: () => client.xrange(key, '-', '+'),
    none: async () => '',
  };
  const type = await client.type(key);
  const read = readers[type];
  if (!read) throw new Error(`a key of type ${type}: ${key}`);
  return JSON.stringify(await read());
}

/** In which tables of ours any of some texts stands, whatever the column: rows are read as text. */
export async function tablesWith(
  database: TestDatabase,
  texts: readonly string[],
): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('analytics', 'business', 'customer', 'loyalty') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await database.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ${name} AS r
        WHERE EXISTS (SELECT FROM unnest($1::text[]) AS w (word)
                       WHERE strpos(lower(r::text), lower(w.word)) > 0)`,
      [texts],
    );
    if (row && row.rows > 0) found.push(name);
  }
  return found;
}

/** Everything that the log of transactions holds, its documents unpacked, as one text. */
export async function dumpLog(server: StandInHandle): Promise<string> {
  const dynamo = createDynamo({ region: 'eu-west-1', endpoint: server.url });
  const { sdk, client } = await dynamo.connect();
  const TableName = server.env['TRANSACTIONS_TABLE'];
  const texts: string[] = [];
  for await (const { Items = [] } of sdk.paginateScan({ client }, { TableName })) {
    for (const { document, ...item } of Items) {
      texts.push(
        JSON.stringify(item),
        document?.B ? JSON.stringify(unpackDocument(document.B)) : '',
      );
    }
  }
  await dynamo.close();
  return texts.join('\n');
}

/** Every message in the queues and among their dead letters, as one text. They are not seen for a while. */
export async function dumpQueues(server: StandInHandle): Promise<string> {
  const sqs = createSqs({ region: 'eu-west-1', endpoint: server.url, env: {} });
  const names = Object.keys(server.env).filter((name) => name.endsWith('_QUEUE_URL'));
  const own = names.flatMap((name) => server.env[name] ?? []);
  const texts: string[] = [];
  for (const QueueUrl of [...own, ...own.map(deadLettersOf)]) {
    for (;;) {
      const wish = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 };
      const { Messages = [] } = await sqs<{ Messages?: object[] }>('ReceiveMessage', wish);
      if (Messages.length === 0) break;
      texts.push(...Messages.map((message) => JSON.stringify(message)));
    }
  }
  return texts.join('\n');
}
