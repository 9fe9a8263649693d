import { DataTypes, type Sequelize } from 'sequelize';

// Functions: Sequelize writes a column's name into the object it is given.
export const key = () => ({ type: DataTypes.UUID, primaryKey: true });
/** Of one business, with an id. */
export const own = () => ({ businessId: key(), id: key() });
export const uuid = () => ({ type: DataTypes.UUID, allowNull: false });
export const text = () => ({ type: DataTypes.TEXT, allowNull: false });
export const optionalText = DataTypes.TEXT;
export const time = () => ({ type: DataTypes.DATE, allowNull: false });
export const json = () => ({ type: DataTypes.JSONB, allowNull: false });

/** The columns of everything that people change. */
export const revised = () => ({
  revision: { type: DataTypes.INTEGER, allowNull: false },
  createdAt: time(),
  updatedAt: time(),
});

/** Where a model's rows are; columns are written as PostgreSQL does. */
export const table = (sequelize: Sequelize, schema: string, tableName: string) => ({
  sequelize,
  schema,
  tableName,
  underscored: true,
  timestamps: false,
});
