import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../ports.ts';
import { Service, type ServiceHandle } from '../service.ts';

export type DynamoServerOptions = {
  /** Its folder, made if missing; tables, the log and the pid file live in it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; absent: any free one. */
  readonly port?: number | undefined;
  /** Whether an unexpected exit is followed by a new start; default no. */
  readonly restart?: boolean | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

export type DynamoHandle = ServiceHandle & {
  readonly url: string;
  readonly port: number;
  /** What makes an edge take this for DynamoDB. */
  readonly env: Readonly<Record<string, string>>;
};

const SESSIONS_TABLE = 'regulars-sessions';

/**
 * Starts the stand-in for DynamoDB, with our tables.
 *
 * @throws Error when it is not ready within 30 s
 */
export async function startDynamo(options: DynamoServerOptions): Promise<DynamoHandle> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const service = new Service({
    name: 'DynamoDB',
    file: process.execPath,
    args: [join(import.meta.dirname, 'server.ts')],
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA: join(dataDir, 'tables'),
      SESSIONS_TABLE,
    },
    logFile: join(dataDir, 'dynamo.log'),
    pidFile: join(dataDir, 'dynamo.pid'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyTimeoutMs: 30_000,
    isReady: (log) => log.includes('"event":"ready"'),
    restart: options.restart ?? false,
    onTrouble: options.onTrouble,
  });
  await service.start();
  const url = `http://127.0.0.1:${port}`;
  return Object.assign(service, { url, port, env: { DYNAMO_ENDPOINT: url, SESSIONS_TABLE } });
}
