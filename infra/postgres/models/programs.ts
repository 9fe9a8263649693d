import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { FraudRules } from '../../../domain/fraud/rules.ts';
import { json, key, optionalText, table, text, time, uuid, own, revised } from './columns.ts';

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

/** Binds the tables of what customers can earn and get. */
export function initPrograms(sequelize: Sequelize): void {
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
    table(sequelize, 'loyalty', 'programs'),
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
    table(sequelize, 'loyalty', 'program_versions'),
  );
  Promotion.init(
    {
      ...own(),
      programId: uuid(),
      status: text(),
      definition: json(),
      ...revised(),
    },
    table(sequelize, 'loyalty', 'promotions'),
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
    table(sequelize, 'loyalty', 'offers'),
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
    table(sequelize, 'loyalty', 'reward_definitions'),
  );
}
