import type { Logger } from 'pino';
import { Pool, type PoolClient, types as defaults } from 'pg';
import { prepareScope, scopeStatements } from './scoped-query.ts';
import { currentScope, setScope } from './tenant.ts';
import { beginTouching, endTouching } from './touched.ts';

/** Anything that runs a statement: a pool, or one connection inside a transaction. */
export type Queryable = Pick<Pool, 'query'>;

export interface PoolOptions {
  url: string;
  /** Name shown in pg_stat_activity. */
  applicationName: string;
  maxConnections: number;
  /** How long to wait for a connection, a new one or one that is free; default 3 s. */
  connectTimeoutMs?: number;
  /** A card's row may be locked by another batch; longer than this and the try is given up. */
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  /**
   * For connections that only ever look rows up by key: plans never scan a table, however small or
   * freshly filled it is. The planner takes a JSON parameter for 100 rows and would otherwise read
   * all of a table of 10,000 cards for each batch, and keep that plan.
   */
  lookUpsOnly?: boolean;
  /**
   * For work that is simply done again when the server crashes: a commit does not wait for the disk. What
   * was committed so in the last moments may then be gone, but nothing is torn.
   */
  losesLastMoments?: boolean;
  /**
   * For connections that add up whole tables: plans never loop over one table for each row of another.
   * The planner takes what it has no statistics of for a single row, and a year's figures of a busy
   * shop then take minutes instead of a second.
   */
  sumsOnly?: boolean;
  log: Logger;
}

const LOOK_UPS_ONLY = ['-c enable_seqscan=off'];
// A group for each of a hundred thousand customers does not fit into 4 MB, and on disk it takes ten times
// as long.
const SUMS_ONLY = ['-c enable_nestloop=off', '-c jit=off', '-c work_mem=64MB'];

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const UNIQUE_VIOLATION = '23505';
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';

const INT8_OID = 20;
const TIMESTAMPTZ_OID = 1184;
const DATE_OID = 1082;

// bigint columns hold amounts that the domain keeps below 2^53; instants are epoch milliseconds.
const parsers = new Map<number, (text: string) => unknown>([
  [INT8_OID, parseSafeInteger],
  [TIMESTAMPTZ_OID, (text) => Date.parse(text)],
  [DATE_OID, (text) => text],
]);
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || defaults.getTypeParser(oid, format),
};

/**
 * A connection pool with every consequential option set. Sessions run in UTC. What it is asked sees
 * the businesses of the work that asks: see tenant.ts.
 */
export function createPool(options: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 3_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // Statements that are sent together wait for one another on the server, not on the network.
    pipeline: true,
    types,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it
    onConnect: prepareScope,
    options: [
      '-c timezone=UTC',
      `-c lock_timeout=${options.lockTimeoutMs}`,
      `-c statement_timeout=${options.statementTimeoutMs}`,
      '-c idle_in_transaction_session_timeout=15000',
      ...(options.lookUpsOnly ? LOOK_UPS_ONLY : []),
      ...(options.losesLastMoments ? ['-c synchronous_commit=off'] : []),
      ...(options.sumsOnly ? SUMS_ONLY : []),
    ].join(' '),
  });
  // Without a listener one killed backend ends the process.
  pool.on('error', (error) => options.log.warn({ err: error }, 'idle connection lost'));
  scopeStatements(pool);
  return pool;
}

/**
 * Runs `work` in one READ COMMITTED transaction on one connection; commits, or rolls back and
 * throws what `work` threw. It sees the businesses of the work that begins it: see tenant.ts.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const scope = currentScope();
  const client = await pool.connect();
  // A connection that dies while checked out reports here; the running query rejects as well.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    // Sent with the first statement. It can only fail with the connection, which fails that one too.
    client.query(scope === '' ? 'BEGIN' : `BEGIN; ${setScope(scope)}`).catch(ignore);
    beginTouching(pool, client);
    const result = await work(client);
    await client.query('COMMIT');
    endTouching(pool, client, true);
    return result;
  } catch (error) {
    endTouching(pool, client, false);
    broken = await rollBack(client);
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/**
 * Runs `work` inside a transaction so that its failure undoes only itself.
 * @returns undefined when it failed
 * @throws Error when the connection did not survive
 */
export async function inSavepoint<T>(
  client: PoolClient,
  work: () => Promise<T>,
): Promise<T | undefined> {
  await client.query('SAVEPOINT apart');
  try {
    const result = await work();
    await client.query('RELEASE SAVEPOINT apart');
    return result;
  } catch (error) {
    if (isConnectionError(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT apart');
    return undefined;
  }
}

/**
 * Whether an error means that PostgreSQL could not be reached or was shutting down, so that the same
 * work may succeed later as it is. SQLSTATE classes 08 and 57P, and sockets that broke.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(08|57P0)/.test(code)) return true;
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].includes(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(
    error.message,
  );
}

/**
 * Whether two transactions met: one found a row that the other had just made, or each waited for the
 * other. Done again, the loser sees what the winner committed.
 */
export function isConflict(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === UNIQUE_VIOLATION || code === DEADLOCK_DETECTED || code === SERIALIZATION_FAILURE;
}

/** What was read is no longer so, as SQLSTATE 40001 says it: done again, the work sees what is there. */
export class LostRaceError extends Error {
  override readonly name = 'LostRaceError';
  readonly code = SERIALIZATION_FAILURE;
}

/** Some of the work of a batch has to wait for what another transaction has locked. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  /** Places in the batch. */
  readonly busy: readonly number[];

  constructor(busy: readonly number[]) {
    super(`${busy.length} of the batch have to wait for a lock`);
    this.busy = busy;
  }
}

/** @returns which of a batch have to wait, when that is why it failed */
export function busyOnes(error: unknown): readonly number[] | undefined {
  return error instanceof BusyError ? error.busy : undefined;
}

async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint beyond 2^53 - 1: ${text}`);
  return value;
}
