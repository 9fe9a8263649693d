import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findRedis } from '../infra/local/find-redis.mjs';
import { startPostgres } from '../infra/local/postgres.ts';
import { startRedis } from '../infra/local/redis.ts';
import { migrate } from '../infra/postgres/migrate.ts';
import { runStaticChecks } from './static-checks.ts';
import { add, closingLine, nothing, type Tally } from './tally.ts';
import { root, runTool, whenToldToStop } from './tools.ts';

/** Something running that must be stopped in the end. */
type Server = { readonly url: string; stop(): Promise<void> };

/** What jest writes with --json, as far as it is read here. */
type JestResults = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
};

const interrupted = whenToldToStop();

/**
 * Runs the static checks, then jest against a PostgreSQL and a Redis of its own, and ends with one
 * line: `N passed, N failed`. Arguments go to jest, and then the static checks are left out.
 */
async function main(jestArguments: readonly string[]): Promise<void> {
  let tally = nothing;
  try {
    if (jestArguments.length === 0) tally = await runStaticChecks(interrupted);
    tally = add(tally, await runJestWithServers(jestArguments));
  } catch (error) {
    console.error(error);
    tally = add(tally, { ...nothing, failed: 1 });
  }
  process.exitCode = interrupted.aborted ? 130 : isGood(tally) ? 0 : 1;
  console.log(closingLine(tally));
}

function isGood({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}

/** Starts the servers, prepares the template database, runs jest and takes all away again. */
async function runJestWithServers(jestArguments: readonly string[]): Promise<Tally> {
  const dir = mkdtempSync(join(tmpdir(), 'regulars-tests-'));
  // PostgreSQL does not run as root, so its user must be able to pass through.
  chmodSync(dir, 0o711);
  const servers: Server[] = [];
  try {
    interrupted.throwIfAborted();
    const postgres = await startTestPostgres(dir);
    servers.push(postgres);
    const redis = await startTestRedis(dir);
    servers.push(redis);
    await makeTemplate(postgres.url);
    const environment = { TEST_POSTGRES_URL: postgres.url, TEST_REDIS_URL: redis.url };
    return await runJest({ args: jestArguments, environment, resultsFile: join(dir, 'jest.json') });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(dir, { recursive: true, force: true });
  }
}

function startTestPostgres(dir: string): Promise<Server> {
  // Every jest worker, one per processor, has pools of its own.
  const maxConnections = 60 + 40 * availableParallelism();
  return startPostgres({ dataDir: join(dir, 'postgres'), durable: false, maxConnections });
}

async function startTestRedis(dir: string): Promise<Server> {
  const { REDIS_URL } = process.env;
  if (findRedis() === undefined && REDIS_URL !== undefined) {
    return { url: REDIS_URL, stop: async () => {} };
  }
  return startRedis({ dataDir: join(dir, 'redis'), maxmemoryMb: 256 });
}

/** Test files make their databases by copying this one, which is quicker than migrating each. */
async function makeTemplate(postgresUrl: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query('create database regulars_template');
  } finally {
    await client.end();
  }
  const ownerUrl = new URL(postgresUrl);
  ownerUrl.pathname = '/regulars_template';
  await migrate({ ownerUrl: ownerUrl.href });
}

async function runJest(options: {
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly resultsFile: string;
}): Promise<Tally> {
  const { args, environment, resultsFile } = options;
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { exitCode } = await runTool({
    file: process.execPath,
    args: [...flags, jest, '--json', `--outputFile=${resultsFile}`, ...args],
    environment: { NODE_ENV: 'test', ...environment },
    // With --json the standard output repeats the file; what people read is on standard error.
    output: 'show errors',
    signal: interrupted,
  });
  const tally = existsSync(resultsFile) ? tallyOf(resultsFile) : nothing;
  // Jest may fail for another reason than a test: an open handle, a coverage limit, a crash.
  const unexplained = exitCode !== 0 && tally.failed === 0;
  return unexplained ? add(tally, { ...nothing, failed: 1 }) : tally;
}

function tallyOf(resultsFile: string): Tally {
  const results = JSON.parse(readFileSync(resultsFile, 'utf8')) as JestResults;
  return {
    passed: results.numPassedTests,
    // A file that could not be run has no tests to fail.
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

await main(process.argv.slice(2));
