import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import dynalite from 'dynalite';
import pino from 'pino';
import { createDynamo } from '../../dynamo/client.ts';
import { sessionsTable } from '../../dynamo/sessions-table.ts';
import { transactionsTable } from '../../dynamo/transactions-table.ts';
import { closeServer, listen } from '../../telemetry/http-server.ts';

/*
 * dynalite as a process of its own, with our tables. It lets no item expire: readers leave out what
 * has expired, which they must anyway, for DynamoDB takes up to two days to remove it.
 */
const {
  HOST: host = '127.0.0.1',
  PORT: port = '8000',
  DATA: data = 'dynamo',
  SESSIONS_TABLE = 'regulars-sessions',
  TRANSACTIONS_TABLE = 'regulars-transactions',
} = process.env;
const log = pino({ level: 'info', base: null });
const path = join(data, 'tables');
mkdirSync(path, { recursive: true });
const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
await listen(server, { port: Number(port), host });

const dynamo = createDynamo({ region: 'eu-west-1', endpoint: `http://127.0.0.1:${port}` });
const { sdk, client } = await dynamo.connect();
for (const table of [sessionsTable(SESSIONS_TABLE), transactionsTable(TRANSACTIONS_TABLE)]) {
  await client.send(new sdk.CreateTableCommand(table)).catch((error: unknown) => {
    if (!(error instanceof sdk.ResourceInUseException)) throw error;
  });
}
await dynamo.close();

process.once('SIGTERM', () => {
  void closeServer(server).then(() => process.exit());
});
log.info({ event: 'ready' }, 'dynalite is up');
