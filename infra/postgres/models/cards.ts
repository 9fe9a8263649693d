import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { json, optionalText, table, text, time, uuid, own } from './columns.ts';

export class Customer extends Model<InferAttributes<Customer>, InferCreationAttributes<Customer>> {
  declare businessId: string;
  declare id: string;
  declare name: CreationOptional<string | null>;
  declare phone: CreationOptional<string | null>;
  declare email: CreationOptional<string | null>;
  declare mergedInto: CreationOptional<string | null>;
  declare erasedAt: CreationOptional<Date | null>;
}

export class Card extends Model<InferAttributes<Card>, InferCreationAttributes<Card>> {
  declare businessId: string;
  declare id: string;
  declare programId: string;
  declare customerId: string;
  declare code: string;
  declare status: CreationOptional<'active' | 'blocked' | 'merged' | 'closed'>;
  /** bigint: Sequelize hands it out as text. */
  declare balance: CreationOptional<string>;
  declare versionNumber: number;
}

export class Transaction extends Model<InferAttributes<Transaction>> {
  declare businessId: string;
  declare id: string;
  declare kind: string;
  declare integration: string;
  declare externalId: string;
  declare originalId: string | null;
  declare storeId: string | null;
  declare customerId: string | null;
  declare occurredAt: Date;
  declare receivedAt: Date;
  declare recordedAt: Date;
  declare receipt: object;
  declare outcome: object;
}

/** Binds the tables of customers, their cards and what was booked: read here, written by statements. */
export function initCards(sequelize: Sequelize): void {
  Customer.init(
    {
      ...own(),
      name: optionalText,
      phone: optionalText,
      email: optionalText,
      mergedInto: DataTypes.UUID,
      erasedAt: DataTypes.DATE,
    },
    table(sequelize, 'customer', 'customers'),
  );
  Card.init(
    {
      ...own(),
      programId: uuid(),
      customerId: uuid(),
      code: text(),
      status: DataTypes.TEXT,
      balance: DataTypes.BIGINT,
      versionNumber: { type: DataTypes.INTEGER, allowNull: false },
    },
    table(sequelize, 'loyalty', 'cards'),
  );
  Transaction.init(
    {
      ...own(),
      kind: text(),
      integration: text(),
      externalId: text(),
      originalId: DataTypes.UUID,
      storeId: DataTypes.UUID,
      customerId: DataTypes.UUID,
      occurredAt: time(),
      receivedAt: time(),
      recordedAt: time(),
      receipt: json(),
      outcome: json(),
    },
    table(sequelize, 'loyalty', 'transactions'),
  );
}
