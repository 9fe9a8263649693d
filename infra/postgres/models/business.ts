import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { Logo } from '../../../domain/tenancy/logo.ts';
import type { StaffMail } from '../../../domain/values/mail-kinds.ts';
import { key, optionalText, table, text, uuid, own, revised } from './columns.ts';

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

/** Binds the tables of the business itself: brands, stores, staff, keys. */
export function initBusiness(sequelize: Sequelize): void {
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
    table(sequelize, 'business', 'businesses'),
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
    table(sequelize, 'business', 'brands'),
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
    table(sequelize, 'business', 'stores'),
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
    table(sequelize, 'business', 'staff'),
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
    table(sequelize, 'business', 'api_keys'),
  );
}
