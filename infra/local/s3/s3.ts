import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../ports.ts';
import { Service, type ServiceHandle } from '../service.ts';

export type S3Options = {
  /** Its folder, made if missing; files, the log and the pid file live in it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; absent: any free one. */
  readonly port?: number | undefined;
  /** Whether an unexpected exit is followed by a new start; default no. */
  readonly restart?: boolean | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

export type S3Handle = ServiceHandle & {
  readonly url: string;
  readonly port: number;
  /** What makes a process keep its files here. */
  readonly env: Readonly<Record<string, string>>;
};

const BUCKET = 'regulars';

/**
 * Starts the stand-in for S3, with the bucket.
 *
 * @throws Error when it is not ready within 30 s
 */
export async function startS3(options: S3Options): Promise<S3Handle> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const service = new Service({
    name: 'S3',
    file: process.execPath,
    args: [
      join(import.meta.dirname, 'server.ts'),
      '--port',
      String(port),
      '--dir',
      dataDir,
      '--bucket',
      BUCKET,
    ],
    cwd: dataDir,
    env: { PATH: process.env.PATH },
    logFile: join(dataDir, 's3.log'),
    pidFile: join(dataDir, 's3.pid'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyTimeoutMs: 30_000,
    isReady: (log) => log.includes('"event":"ready"'),
    restart: options.restart ?? false,
    onTrouble: options.onTrouble,
  });
  await service.start();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    S3_BUCKET: BUCKET,
    S3_REGION: 'eu-west-1',
    S3_ENDPOINT: url,
    // The stand-in asks for some, and takes any.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return Object.assign(service, { url, port, env });
}
