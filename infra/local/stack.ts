import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { migrate } from '../postgres/migrate.ts';
import { startDynamo } from './dynamo/dynamo.ts';
import { type DatabaseUrls, type DataServers, startDataServers } from './data-servers.ts';
import { readPidFile, removePidFile, writePidFile } from './pid-file.ts';
import { choosePorts } from './ports.ts';
import type { PostgresHandle } from './postgres.ts';
import { readProcfile, startProcesses } from './processes.ts';
import type { OnProgress } from './progress.ts';
import type { RedisHandle } from './redis.ts';
import { keepSecrets, type Secrets } from './secrets.ts';
import { startS3 } from './s3/s3.ts';
import { startSqs } from './sqs/sqs.ts';
import { startSes } from './ses/ses.ts';
import type { ServiceHandle } from './service.ts';
import { startSignIn } from './sign-in.ts';
import type { StandInHandle } from './stand-in.ts';

export type Ports = {
  readonly edge: number;
  readonly ops: number;
  readonly postgres: number;
  readonly redis: number;
  readonly cognito: number;
  readonly hostedUi: number;
  readonly apps: number;
  readonly s3: number;
  readonly sqs: number;
  readonly ses: number;
  readonly dynamo: number;
  readonly workerMetrics: number;
  readonly relayMetrics: number;
  readonly functionsMetrics: number;
};

export type StackOptions = {
  /** Data, logs and secrets live here; made if missing. */
  readonly dir: string;
  /** False gives up PostgreSQL's safety for speed, for tests that do not pull the plug. */
  readonly durable: boolean;
  /** Names from the Procfile, once per process wanted; absent: each once that has what it needs. */
  readonly processes?: readonly string[] | undefined;
  /** Added to the environment of the processes; it wins over what the stack gives them. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Whether people can sign in, which needs four more processes; default no. */
  readonly signIn?: boolean | undefined;
  /** Whether files can come in and go out, which needs one more process; default no. */
  readonly files?: boolean | undefined;
  /** Whether functions are told of facts, which needs two more processes; default no. */
  readonly functions?: boolean | undefined;
  /** For tests: how long a message that a function was handed is not seen; absent: as on AWS. */
  readonly sqsVisibilitySeconds?: number | undefined;
  /** Whether what exits unexpectedly is started again; default no. */
  readonly restart?: boolean | undefined;
  /** Ports to take if they are free; absent or taken: any free one. */
  readonly ports?: Partial<Ports> | undefined;
  /** PostgreSQL's; default 40. */
  readonly maxConnections?: number | undefined;
  /** Default 512. */
  readonly redisMaxmemoryMb?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Aborting gives up a start under way. */
  readonly signal?: AbortSignal | undefined;
};

export type Stack = {
  readonly edgeUrl: string;
  readonly opsUrl: string;
  readonly opsUser: string;
  readonly opsPassword: string;
  /** Of worker, relay and functions; the edge's are on the ops listener. */
  readonly metricsUrls: readonly string[];
  /** As the owner. */
  readonly postgresUrl: string;
  readonly databaseUrls: DatabaseUrls;
  readonly redisUrl: string;
  /** By name; the second `worker` is `worker-2`. */
  readonly processes: Readonly<Record<string, ServiceHandle>>;
  /** Undefined when the server was given. */
  readonly postgres: PostgresHandle | undefined;
  /** Undefined when the server was given. */
  readonly redis: RedisHandle | undefined;
  /** Undefined when nobody is to sign in. */
  readonly cognito: StandInHandle | undefined;
  /** Where they begin, in a browser. */
  readonly signInUrl: string | undefined;
  /** Undefined when there are to be no files, or a bucket was given. */
  readonly s3: StandInHandle | undefined;
  /** Undefined when no functions are to run. */
  readonly sqs: StandInHandle | undefined;
  /** Undefined when there is neither anybody to sign in nor a function. */
  readonly dynamo: StandInHandle | undefined;
  /** Its address shows the mails. Undefined when no functions are to run. */
  readonly ses: StandInHandle | undefined;
  /** Stops the processes, then the data servers; may be called twice. */
  stop(): Promise<void>;
};

/** What `stop` has to do, in the order things were started; it goes backwards. */
type Undo = (() => Promise<unknown> | void)[];

const root = join(import.meta.dirname, '..', '..');
const opsUser = 'ops';

/**
 * Starts PostgreSQL and Redis, migrates, and starts the processes of the Procfile. A server given
 * by `OWNER_DATABASE_URL` or `REDIS_URL` (in `env` or in this process's own environment) is used
 * instead of starting one; roles that need a password there come in `EDGE_DATABASE_URL` and
 * `WORKER_DATABASE_URL`.
 *
 * @throws Error when `dir` is in use, or when a part does not start, with its log's last lines;
 *   nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  // PostgreSQL does not run as root, so its user must be able to pass through.
  chmodSync(dir, 0o711);
  refuseIfUp(dir);
  const lock = lockFile(dir);
  writePidFile(lock, process.pid);
  const undo: Undo = [() => removePidFile(lock)];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= runBackwards(undo));
  try {
    return { ...(await startParts({ ...options, dir }, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws Error when a stack runs in this folder */
export function refuseIfUp(dir: string): void {
  const { pid } = readPidFile(lockFile(dir));
  if (pid === undefined) return;
  throw new Error(`The stack in ${dir} is up (process ${pid}). Stop it first: kill ${pid}`);
}

function lockFile(dir: string): string {
  return join(dir, 'stack.pid');
}

async function runBackwards(undo: Undo): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

async function startParts(options: StackOptions, undo: Undo): Promise<Omit<Stack, 'stop'>> {
  const { dir, signal } = options;
  const tell = options.onProgress ?? (() => undefined);
  const none = {
    edge: undefined,
    ops: undefined,
    postgres: undefined,
    redis: undefined,
    cognito: undefined,
    hostedUi: undefined,
    apps: undefined,
    s3: undefined,
    sqs: undefined,
    ses: undefined,
    dynamo: undefined,
    workerMetrics: undefined,
    relayMetrics: undefined,
    functionsMetrics: undefined,
  };
  const ports = await choosePorts({ ...none, ...options.ports });
  const secrets = keepSecrets(join(dir, 'secrets.json'));
  const onTrouble = (text: string) => tell({ kind: 'trouble', text });
  // Nothing waits for it until the processes start: it takes its seconds beside the others.
  const signIn = options.signIn
    ? startSignIn({
        dir,
        ports,
        sesEndpoint: options.functions ? `http://127.0.0.1:${ports.ses}` : undefined,
        restart: options.restart ?? false,
        onTrouble,
      })
    : undefined;
  signIn?.catch(() => undefined);
  undo.push(async () => (await signIn?.catch(() => undefined))?.stop());
  const files = needsS3(options)
    ? startFiles({ dir, port: ports.s3, restart: options.restart, onTrouble })
    : undefined;
  files?.catch(() => undefined);
  undo.push(async () => (await files?.catch(() => undefined))?.stop());
  const queues = options.functions ? startQueues({ ...options, ports, onTrouble }) : undefined;
  queues?.catch(() => undefined);
  undo.push(async () => (await queues?.catch(() => undefined))?.stop());
  const letters = options.functions ? startLetters({ ...options, ports, onTrouble }) : undefined;
  letters?.catch(() => undefined);
  undo.push(async () => (await letters?.catch(() => undefined))?.stop());
  // Sessions are kept in it, and documents of transactions.
  const tables =
    options.signIn || options.functions ? startTables({ ...options, ports, onTrouble }) : undefined;
  tables?.catch(() => undefined);
  undo.push(async () => (await tables?.catch(() => undefined))?.stop());
  const servers = await startDataServers({
    dir,
    ports,
    durable: options.durable,
    env: { ...process.env, ...options.env },
    restart: options.restart ?? false,
    maxConnections: options.maxConnections,
    redisMaxmemoryMb: options.redisMaxmemoryMb,
    onTrouble,
    onStarted: (server) => {
      undo.push(() => server.stop());
      tell({ kind: 'done', text: `${server.name} on 127.0.0.1:${server.port}` });
    },
  });
  signal?.throwIfAborted();
  const migrations = await migrate({ ownerUrl: servers.databaseUrls.owner });
  tell({ kind: 'done', text: `Database migrated (${migrations.length} new)` });
  signal?.throwIfAborted();
  const people = await signIn;
  for (const text of people?.names ?? []) tell({ kind: 'done', text });
  const s3 = await files;
  if (s3) tell({ kind: 'done', text: `S3 on 127.0.0.1:${s3.port}` });
  const sqs = await queues;
  if (sqs) tell({ kind: 'done', text: `SQS on 127.0.0.1:${sqs.port}` });
  const ses = await letters;
  if (ses) tell({ kind: 'done', text: `SES on 127.0.0.1:${ses.port}` });
  const dynamo = await tables;
  if (dynamo) tell({ kind: 'done', text: `DynamoDB on 127.0.0.1:${dynamo.port}` });
  const processes = await startProcesses({
    root,
    names: options.processes ?? processNames(options),
    env: processEnvironment({
      env: { ...people?.env, ...s3?.env, ...sqs?.env, ...ses?.env, ...dynamo?.env, ...options.env },
      ports,
      secrets,
      servers,
    }),
    dir,
    restart: options.restart ?? false,
    onTrouble,
  });
  undo.push(() => Promise.all(Object.values(processes).map((process) => process.stop())));
  signal?.throwIfAborted();
  tell({ kind: 'done', text: `Processes ready: ${Object.keys(processes).join(', ')}` });
  return {
    edgeUrl: `http://localhost:${ports.edge}`,
    opsUrl: `http://localhost:${ports.ops}`,
    opsUser,
    opsPassword: secrets.opsPassword,
    metricsUrls: [ports.workerMetrics, ports.relayMetrics, ports.functionsMetrics].map(
      (port) => `http://localhost:${port}/metrics`,
    ),
    postgresUrl: servers.databaseUrls.owner,
    ...servers,
    cognito: people?.cognito,
    signInUrl: people?.signInUrl,
    s3,
    sqs,
    ses,
    dynamo,
    processes,
  };
}

interface StandInWish {
  readonly dir: string;
  readonly ports: Ports;
  readonly restart?: boolean | undefined;
  readonly sqsVisibilitySeconds?: number | undefined;
  readonly onTrouble: (text: string) => void;
}

function startTables({ dir, ports, restart, onTrouble }: StandInWish): Promise<StandInHandle> {
  const dataDir = join(dir, 'dynamo');
  return startDynamo({ dataDir, port: ports.dynamo, restart: restart ?? false, onTrouble });
}

function startQueues(wish: StandInWish): Promise<StandInHandle> {
  const { dir, ports, restart, onTrouble, sqsVisibilitySeconds: visibilitySeconds } = wish;
  const dataDir = join(dir, 'sqs');
  return startSqs({
    dataDir,
    port: ports.sqs,
    restart: restart ?? false,
    onTrouble,
    ...(visibilitySeconds !== undefined && { visibilitySeconds }),
  });
}

function startLetters({ dir, ports, restart, onTrouble }: StandInWish): Promise<StandInHandle> {
  const dataDir = join(dir, 'ses');
  return startSes({ dataDir, port: ports.ses, restart: restart ?? false, onTrouble });
}

/** Each once; functions have nothing to do without queues. */
function processNames({ functions }: StackOptions): string[] {
  const names = Object.keys(readProcfile(join(root, 'Procfile')));
  return names.filter((name) => name !== 'functions' || functions);
}

/** Whoever names a bucket of their own has their files there. */
function needsS3({ files, env }: StackOptions): boolean {
  return files === true && (env?.['S3_BUCKET'] ?? process.env['S3_BUCKET']) === undefined;
}

function startFiles(options: {
  readonly dir: string;
  readonly port: number;
  readonly restart?: boolean | undefined;
  readonly onTrouble: (text: string) => void;
}): Promise<StandInHandle> {
  const { dir, port, restart, onTrouble } = options;
  return startS3({ dataDir: join(dir, 's3'), port, restart: restart ?? false, onTrouble });
}

function processEnvironment(parts: {
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly servers: DataServers;
}): NodeJS.ProcessEnv {
  const { env, ports, secrets, servers } = parts;
  const environment: NodeJS.ProcessEnv = {
    // Test keys open this API, so it is for this machine alone unless somebody says otherwise.
    EDGE_HOST: '127.0.0.1',
    ...process.env,
    NODE_ENV: 'development',
    // Receivers are on this machine as well.
    ALLOW_PRIVATE_WEBHOOKS: '1',
    // Not quieter, or the line that says "ready" would not be written.
    LOG_LEVEL: 'info',
    EDGE_PORT: String(ports.edge),
    OPS_PORT: String(ports.ops),
    WORKER_METRICS_PORT: String(ports.workerMetrics),
    RELAY_METRICS_PORT: String(ports.relayMetrics),
    FUNCTIONS_METRICS_PORT: String(ports.functionsMetrics),
    EDGE_DATABASE_URL: servers.databaseUrls.edge,
    WORKER_DATABASE_URL: servers.databaseUrls.worker,
    ANALYTICS_DATABASE_URL: servers.databaseUrls.analytics,
    MAILER_DATABASE_URL: servers.databaseUrls.mailer,
    PUBLIC_API_URL: `http://localhost:${ports.edge}`,
    REDIS_URL: servers.redisUrl,
    OPS_USER: opsUser,
    OPS_PASSWORD: secrets.opsPassword,
    CONTACT_SEALING_KEY: secrets.contactSealingKey,
    ...env,
  };
  // The owner's key to the database is for migrations: no process may have it.
  delete environment['OWNER_DATABASE_URL'];
  return environment;
}
