import pg, { Client } from 'pg';
import { Sequelize } from 'sequelize';
import { initModels } from './models/models.ts';
import { currentScope, setScope } from './tenant.ts';

/**
 * A Sequelize connection with the models bound to it. What is found is of the businesses of the work
 * that asks: see tenant.ts.
 */
export function connectOrm(options: {
  url: string;
  applicationName: string;
  maxConnections: number;
  /** How long to wait for a connection, a new one or one that is free; default 3 s. */
  connectTimeoutMs?: number;
}): Sequelize {
  const { connectTimeoutMs = 3_000 } = options;
  const sequelize = new Sequelize(options.url, {
    dialect: 'postgres',
    dialectModule: { ...pg, Client: ScopedClient },
    logging: false,
    timezone: '+00:00',
    pool: { max: options.maxConnections, min: 0, acquire: connectTimeoutMs, idle: 60_000 },
    dialectOptions: {
      application_name: options.applicationName,
      statement_timeout: 5_000,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    },
    retry: { max: 0 },
  });
  initModels(sequelize);
  return sequelize;
}

// pg declares a dozen overloads, of which Sequelize uses one: text, and a callback.
const PgClient = Client as unknown as new () => {
  query(statement: unknown, ...rest: unknown[]): unknown;
};

/**
 * Sequelize writes values into its statements, so the naming of the businesses can go before them: two
 * statements in one packet are one transaction, and cost one round trip.
 */
class ScopedClient extends PgClient {
  override query(statement: unknown, ...rest: unknown[]): unknown {
    const scope = currentScope();
    const isScoped = scope !== '' && typeof statement === 'string';
    return super.query(isScoped ? `${setScope(scope)}; ${statement}` : statement, ...rest);
  }
}
