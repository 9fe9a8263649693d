import { type ClientBase, type Pool, Query, type QueryConfig } from 'pg';
import { currentScope } from './tenant.ts';

/** What pg's queries and connections do beyond their types: the extended protocol, step by step. */
interface Wire {
  bind(options: { portal: string; statement: string; values: readonly string[] }): void;
  execute(options: { portal: string; rows: number }): void;
}
interface RunningQuery {
  requiresPreparation(): boolean;
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
}
const PgQuery = Query as unknown as new (config: QueryConfig) => RunningQuery;

const SCOPE = {
  name: 'name-businesses',
  text: `SELECT set_config('app.business', $1, true)`,
};

/**
 * One statement that sees the businesses it names. The naming is sent ahead of the statement, in the
 * same packet: what comes before a Sync is one transaction, so it holds for the statement and is gone
 * after it, and a read still costs one round trip.
 */
class ScopedQuery extends PgQuery {
  readonly #scope: string;
  #isNaming = true;

  constructor(config: QueryConfig, scope: string) {
    super(config);
    this.#scope = scope;
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Wire): void {
    connection.bind({ portal: '', statement: SCOPE.name, values: [this.#scope] });
    connection.execute({ portal: '', rows: 0 });
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (!this.#isNaming) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (!this.#isNaming) super.handleCommandComplete(message, connection);
    this.#isNaming = false;
  }
}

/** Prepares a new connection for scoped statements. */
export async function prepareScope(client: ClientBase): Promise<void> {
  await client.query({ ...SCOPE, values: [''] });
}

/** Makes a pool's own statements see the businesses of the work that sends them. */
export function scopeStatements(pool: Pool): void {
  const query = pool.query.bind(pool) as (statement: unknown, values?: unknown) => unknown;
  pool.query = ((statement: string | QueryConfig, values?: unknown[]) => {
    // Asked now: the pool may send it much later, from within somebody else's work.
    const scope = currentScope();
    if (scope === '') return query(statement, values);
    const config = typeof statement === 'string' ? { text: statement } : statement;
    return query(new ScopedQuery(values ? { ...config, values } : config, scope));
  }) as Pool['query'];
}
