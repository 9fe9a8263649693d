import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { FraudRules } from '../../../domain/fraud/rules.ts';
import type { Logo } from '../../../domain/tenancy/logo.ts';
import type { StaffMail } from '../../../domain/values/mail-kinds.ts';

/**
 * The tables as Sequelize sees them. They serve set-up and look-ups, where clarity counts; the path
 * of a purchase uses the set-based statements beside this folder. No model holds a rule.
 */
export class Business extends Model<InferAttributes<Business>, InferCreationAttributes<Business>> {
  declare id: string;
  declare name: string;
  declare defaultCurrency: string;
  declare zone: string;
  declare acceptPastDays: CreationOptional<number>;
  declare acceptFutureMinutes: CreationOptional<number>;
  declare refundWaitDays: CreationOptional<number>;
  declare adjustmentLimit: CreationOptional<number | null>;
  declare locale: CreationOptional<string>;
  declare revision: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export class Brand extends Model<InferAttributes<Brand>, InferCreationAttributes<Brand>> {
  declare businessId: string;
  declare id: string;
  declare name: string;
  declare description: CreationOptional<string | null>;
  declare colour: CreationOptional<string | null>;
  declare logo: CreationOptional<Logo | null>;
  declare revision: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export class Offer extends Model<InferAttributes<Offer>> {
  declare businessId: string;
  declare id: string;
  declare programId: string;
  declare status: 'draft' | 'live' | 'ended';
  declare endedAt: Date | null;
  declare name: string;
  declare kind: 'accumulate' | 'single';
  /** bigint: Sequelize hands it out as text. */
  declare thresholdMinor: string;
  declare windowHours: number;
  declare benefit: object;
  declare revision: number;
  declare createdAt: Date;
  declare updatedAt: Date;
}

export class Store extends Model<InferAttributes<Store>, InferCreationAttributes<Store>> {
  declare businessId: string;
  declare id: string;
  declare brandId: string;
  declare name: string;
  declare zone: string;
  declare dayStartMinutes: CreationOptional<number>;
  declare externalId: CreationOptional<string | null>;
  declare address: CreationOptional<string | null>;
  declare openingHours: CreationOptional<
    { weekday: number; opens: string; closes: string }[] | null
  >;
  declare deactivatedAt: CreationOptional<Date | null>;
  declare revision: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export class Staff extends Model<InferAttributes<Staff>, InferCreationAttributes<Staff>> {
  declare businessId: string;
  declare id: string;
  declare subject: CreationOptional<string | null>;
  declare name: string;
  declare email: CreationOptional<string | null>;
  declare phone: CreationOptional<string | null>;
  declare role: 'owner' | 'manager' | 'cashier' | 'analyst';
  declare storeIds: CreationOptional<string[] | null>;
  declare removedAt: CreationOptional<Date | null>;
  declare mailRefusals: CreationOptional<StaffMail[]>;
  declare revision: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export class ApiKey extends Model<InferAttributes<ApiKey>, InferCreationAttributes<ApiKey>> {
  declare businessId: string;
  declare id: string;
  declare integration: string;
  declare name: string;
  declare secretHash: Buffer;
  declare scopes: string[];
  declare storeIds: CreationOptional<string[] | null>;
  declare hint: CreationOptional<string | null>;
  declare revokedAt: CreationOptional<Date | null>;
  declare revision: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export class Customer extends Model<InferAttributes<Customer>, InferCreationAttributes<Customer>> {
  declare businessId: string;
  declare id: string;
  declare name: CreationOptional<string | null>;
  declare phone: CreationOptional<string | null>;
  declare email: CreationOptional<string | null>;
  declare mergedInto: CreationOptional<string | null>;
  declare erasedAt: CreationOptional<Date | null>;
}

export class Program extends Model<InferAttributes<Program>, InferCreationAttributes<Program>> {
  declare businessId: string;
  declare id: string;
  declare brandId: string;
  declare name: string;
  declare unit: 'stamp' | 'point';
  declare currency: string;
  declare zone: string;
  declare storeIds: CreationOptional<string[] | null>;
  declare enrolment: 'automatic' | 'by-request';
  declare description: CreationOptional<string | null>;
  declare draft: CreationOptional<object | null>;
  declare pauses: CreationOptional<{ from: number; to: number | null }[]>;
  declare fraud: CreationOptional<FraudRules | null>;
  declare archivedAt: CreationOptional<Date | null>;
  declare revision: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

export class ProgramVersion extends Model<
  InferAttributes<ProgramVersion>,
  InferCreationAttributes<ProgramVersion>
> {
  declare businessId: string;
  declare programId: string;
  declare number: number;
  declare validFrom: Date;
  declare validTo: CreationOptional<Date | null>;
  declare definition: object;
  declare createdAt: CreationOptional<Date>;
}

export class Promotion extends Model<InferAttributes<Promotion>> {
  declare businessId: string;
  declare id: string;
  declare programId: string;
  declare status: 'draft' | 'live' | 'paused' | 'ended';
  declare definition: object;
  declare revision: number;
  declare createdAt: Date;
  declare updatedAt: Date;
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

export class RewardDefinition extends Model<InferAttributes<RewardDefinition>> {
  declare businessId: string;
  declare id: string;
  declare programId: string;
  declare status: 'draft' | 'live' | 'paused' | 'ended';
  declare stockLeft: number | null;
  declare definition: object;
  declare revision: number;
  declare createdAt: Date;
  declare updatedAt: Date;
}

// Functions: Sequelize writes a column's name into the object it is given.
const key = () => ({ type: DataTypes.UUID, primaryKey: true });
/** Of one business, with an id. */
const own = () => ({ businessId: key(), id: key() });
const uuid = () => ({ type: DataTypes.UUID, allowNull: false });
const text = () => ({ type: DataTypes.TEXT, allowNull: false });
const optionalText = DataTypes.TEXT;
const time = () => ({ type: DataTypes.DATE, allowNull: false });
const json = () => ({ type: DataTypes.JSONB, allowNull: false });

/** The columns of everything that people change. */
const revised = () => ({
  revision: { type: DataTypes.INTEGER, allowNull: false },
  createdAt: time(),
  updatedAt: time(),
});

/** Binds the models to a connection. */
export function initModels(sequelize: Sequelize): void {
  const table = (schema: string, tableName: string) => ({
    sequelize,
    schema,
    tableName,
    underscored: true,
    timestamps: false,
  });
  Business.init(
    {
      id: key(),
      name: text(),
      defaultCurrency: text(),
      zone: text(),
      acceptPastDays: DataTypes.INTEGER,
      acceptFutureMinutes: DataTypes.INTEGER,
      refundWaitDays: DataTypes.INTEGER,
      adjustmentLimit: DataTypes.INTEGER,
      locale: text(),
      ...revised(),
    },
    table('business', 'businesses'),
  );
  Brand.init(
    {
      ...own(),
      name: text(),
      description: optionalText,
      colour: optionalText,
      logo: DataTypes.JSONB,
      ...revised(),
    },
    table('business', 'brands'),
  );
  Offer.init(
    {
      ...own(),
      programId: uuid(),
      status: text(),
      endedAt: DataTypes.DATE,
      name: text(),
      kind: text(),
      thresholdMinor: DataTypes.BIGINT,
      windowHours: DataTypes.INTEGER,
      benefit: json(),
      ...revised(),
    },
    table('loyalty', 'offers'),
  );
  Store.init(
    {
      ...own(),
      brandId: uuid(),
      name: text(),
      zone: text(),
      dayStartMinutes: DataTypes.INTEGER,
      externalId: optionalText,
      address: optionalText,
      openingHours: DataTypes.JSONB,
      deactivatedAt: DataTypes.DATE,
      ...revised(),
    },
    table('business', 'stores'),
  );
  Staff.init(
    {
      ...own(),
      subject: optionalText,
      name: text(),
      email: optionalText,
      phone: optionalText,
      role: text(),
      storeIds: DataTypes.ARRAY(DataTypes.UUID),
      removedAt: DataTypes.DATE,
      mailRefusals: { type: DataTypes.ARRAY(DataTypes.TEXT), defaultValue: [] },
      ...revised(),
    },
    table('business', 'staff'),
  );
  ApiKey.init(
    {
      ...own(),
      integration: text(),
      name: text(),
      secretHash: { type: DataTypes.BLOB, allowNull: false },
      scopes: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
      storeIds: DataTypes.ARRAY(DataTypes.UUID),
      hint: optionalText,
      revokedAt: DataTypes.DATE,
      ...revised(),
    },
    table('business', 'api_keys'),
  );
  Customer.init(
    {
      ...own(),
      name: optionalText,
      phone: optionalText,
      email: optionalText,
      mergedInto: DataTypes.UUID,
      erasedAt: DataTypes.DATE,
    },
    table('customer', 'customers'),
  );
  Program.init(
    {
      ...own(),
      brandId: uuid(),
      name: text(),
      unit: text(),
      currency: text(),
      zone: text(),
      storeIds: DataTypes.ARRAY(DataTypes.UUID),
      enrolment: text(),
      description: optionalText,
      draft: DataTypes.JSONB,
      pauses: json(),
      fraud: DataTypes.JSONB,
      archivedAt: DataTypes.DATE,
      ...revised(),
    },
    table('loyalty', 'programs'),
  );
  ProgramVersion.init(
    {
      businessId: key(),
      programId: key(),
      number: { type: DataTypes.INTEGER, primaryKey: true },
      validFrom: time(),
      validTo: DataTypes.DATE,
      definition: json(),
      createdAt: time(),
    },
    table('loyalty', 'program_versions'),
  );
  Promotion.init(
    {
      ...own(),
      programId: uuid(),
      status: text(),
      definition: json(),
      ...revised(),
    },
    table('loyalty', 'promotions'),
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
    table('loyalty', 'cards'),
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
    table('loyalty', 'transactions'),
  );
  RewardDefinition.init(
    {
      ...own(),
      programId: uuid(),
      status: text(),
      stockLeft: DataTypes.INTEGER,
      definition: json(),
      ...revised(),
    },
    table('loyalty', 'reward_definitions'),
  );
}
