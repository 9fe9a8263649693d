import { DataTypes, type ModelStatic, type Model, type Sequelize } from 'sequelize';

/** The tables a purchase writes, as Sequelize models; the product has models for what it reads. */
export interface SyncModels {
  Card: ModelStatic<Model>;
  Transaction: ModelStatic<Model>;
  Posting: ModelStatic<Model>;
  Lot: ModelStatic<Model>;
  Reward: ModelStatic<Model>;
  Outbox: ModelStatic<Model>;
}

const { UUID, TEXT, BIGINT, INTEGER, SMALLINT, DATE, DATEONLY, JSON } = DataTypes;
const key = { type: UUID, primaryKey: true };

/** Declares them on a connection. */
export function defineModels(sequelize: Sequelize): SyncModels {
  const table = (tableName: string) => ({
    schema: 'loyalty',
    tableName,
    underscored: true,
    timestamps: false,
  });
  return {
    Card: sequelize.define(
      'Card',
      {
        businessId: { ...key },
        id: { ...key },
        programId: UUID,
        customerId: UUID,
        code: TEXT,
        status: TEXT,
        balance: BIGINT,
        sequence: BIGINT,
        versionNumber: INTEGER,
      },
      table('cards'),
    ),
    Transaction: sequelize.define(
      'Transaction',
      {
        businessId: { ...key },
        id: { ...key },
        kind: TEXT,
        integration: TEXT,
        externalId: TEXT,
        requestHash: TEXT,
        storeId: UUID,
        customerId: UUID,
        status: TEXT,
        occurredAt: DATE,
        receivedAt: DATE,
        businessDate: DATEONLY,
        receipt: JSON,
        outcome: JSON,
      },
      table('transactions'),
    ),
    Posting: sequelize.define(
      'Posting',
      {
        businessId: { ...key },
        transactionId: { ...key },
        ordinal: { type: SMALLINT, primaryKey: true },
        programId: UUID,
        cardId: UUID,
        fromAccount: TEXT,
        toAccount: TEXT,
        amount: BIGINT,
        draws: JSON,
        occurredAt: DATE,
        businessDate: DATEONLY,
      },
      table('postings'),
    ),
    Lot: sequelize.define(
      'Lot',
      {
        businessId: { ...key },
        id: { ...key },
        cardId: UUID,
        transactionId: UUID,
        earnedAt: DATE,
        expiresAt: DATE,
        amount: BIGINT,
        remaining: BIGINT,
      },
      table('lots'),
    ),
    Reward: sequelize.define(
      'Reward',
      {
        businessId: { ...key },
        id: { ...key },
        cardId: UUID,
        transactionId: UUID,
        definitionId: UUID,
        code: TEXT,
        name: TEXT,
        benefit: JSON,
        cost: BIGINT,
        versionNumber: INTEGER,
        issuedAt: DATE,
        expiresAt: DATE,
      },
      table('issued_rewards'),
    ),
    Outbox: sequelize.define(
      'Outbox',
      { id: { ...key }, businessId: UUID, events: JSON },
      table('outbox'),
    ),
  };
}
