import { Sequelize } from 'sequelize';
import { initModels } from './models/models.ts';

/** A Sequelize connection with the models bound to it. */
export function connectOrm(options: {
  url: string;
  applicationName: string;
  maxConnections: number;
}): Sequelize {
  const sequelize = new Sequelize(options.url, {
    dialect: 'postgres',
    logging: false,
    timezone: '+00:00',
    pool: { max: options.maxConnections, min: 0, acquire: 3_000, idle: 60_000 },
    dialectOptions: {
      application_name: options.applicationName,
      statement_timeout: 5_000,
      connectionTimeoutMillis: 3_000,
      keepAlive: true,
    },
    retry: { max: 0 },
  });
  initModels(sequelize);
  return sequelize;
}
