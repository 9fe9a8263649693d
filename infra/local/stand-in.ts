import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from './ports.ts';
import { Service, type ServiceHandle } from './service.ts';

export type StandInOptions = {
  /** Its folder, made if missing; what it keeps, the log and the pid file live in it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; absent: any free one. */
  readonly port?: number | undefined;
  /** Whether an unexpected exit is followed by a new start; default no. */
  readonly restart?: boolean | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

export type StandInHandle = ServiceHandle & {
  readonly url: string;
  readonly port: number;
  /** What makes our processes take this for the real one. */
  readonly env: Readonly<Record<string, string>>;
};

/** A server on this machine that speaks a cloud service's protocol. */
export type StandIn = {
  /** Shown in messages; in small letters the name of its log. */
  readonly name: string;
  /** Logs a line with `"event":"ready"`; gets HOST, PORT and DATA, its folder. */
  readonly script: string;
  /** What it gets besides. */
  readonly env: Readonly<Record<string, string>>;
  /** What our processes get. */
  readonly envOfUsers: (url: string) => Readonly<Record<string, string>>;
};

/** Starts a stand-in. @throws Error when it is not ready within 120 s */
export async function startStandIn(
  standIn: StandIn,
  options: StandInOptions,
): Promise<StandInHandle> {
  const { name, script } = standIn;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const service = new Service({
    name,
    file: process.execPath,
    args: [script],
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA: dataDir,
      ...standIn.env,
    },
    logFile: join(dataDir, `${name.toLowerCase()}.log`),
    pidFile: join(dataDir, `${name.toLowerCase()}.pid`),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyTimeoutMs: 120_000,
    isReady: (log) => log.includes('"event":"ready"'),
    restart: options.restart ?? false,
    onTrouble: options.onTrouble,
  });
  await service.start();
  const url = `http://127.0.0.1:${port}`;
  return Object.assign(service, { url, port, env: standIn.envOfUsers(url) });
}
