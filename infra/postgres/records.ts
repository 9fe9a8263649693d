import type { PoolClient } from 'pg';
import type { Given, RecordOf, Records } from '../../domain/tenancy/setup.ts';
import type { BusinessId, Id, IdKind } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';

/** How one field stands in its column. Nulls stay nulls. */
export interface Column {
  toColumn(value: never): unknown;
  toField(value: never): unknown;
}

/** As it is: text, numbers, booleans, json, arrays of text. */
export const plain: Column = { toColumn: (value) => value, toField: (value) => value };
/** An id, kept as a uuid. */
export const idOf = (kind: IdKind): Column => ({
  toColumn: (id: Id<IdKind>) => toUuid(id),
  toField: (uuid: string) => fromUuid(kind, uuid),
});
/** Ids, kept as a uuid[]. */
export const idsOf = (kind: IdKind): Column => ({
  toColumn: (ids: Id<IdKind>[]) => ids.map(toUuid),
  toField: (uuids: string[]) => uuids.map((uuid) => fromUuid(kind, uuid)),
});
/** A hash in hex, kept as bytes. */
export const hexBytes: Column = {
  toColumn: (hex: string) => `\\x${hex}`,
  toField: (bytes: Buffer) => bytes.toString('hex'),
};
/** Epoch milliseconds, kept as a timestamptz. */
export const instant: Column = {
  toColumn: (at: number) => new Date(at).toISOString(),
  toField: (at: number) => at,
};

/** A table of the set-up: `business_id`, `id`, `revision`, `updated_at`, and a column per field. */
export interface RecordTable<Fields extends object> {
  name: string;
  columns: { [Field in keyof Fields]-?: Column };
  /** Where the business's own id stands; `id` for the businesses themselves. */
  tenantColumn?: 'id';
}

/** Records of one table, bound to one transaction's connection. */
export function createRecords<Kind extends IdKind, Fields extends object>(
  client: PoolClient,
  table: RecordTable<Fields>,
): Records<Kind, Fields> {
  const tenant = table.tenantColumn ?? 'business_id';
  const fields = Object.keys(table.columns) as (keyof Fields & string)[];
  const columns = fields.map(snakeCase);

  /** The fields given, as one JSON row. */
  function rowOf(given: Given<Fields>): { names: string[]; row: string } {
    const entries = fields
      .filter((field) => given[field] !== undefined)
      .map((field) => {
        const value = given[field];
        const column = table.columns[field];
        return [snakeCase(field), value === null ? null : column.toColumn(value as never)] as const;
      });
    return {
      names: entries.map(([name]) => name),
      row: JSON.stringify(Object.fromEntries(entries)),
    };
  }

  function fromRow(row: Record<string, unknown>): RecordOf<Fields> {
    const entries = fields.map((field) => {
      const value = row[snakeCase(field)];
      return [field, value === null ? null : table.columns[field].toField(value as never)];
    });
    return { ...Object.fromEntries(entries), revision: row['revision'] } as RecordOf<Fields>;
  }

  return {
    async lock(businessId, id) {
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT revision, ${columns.join(', ')} FROM ${table.name}
          WHERE ${tenant} = $1 AND id = $2 FOR UPDATE`,
        [toUuid(businessId), toUuid(id)],
      );
      return rows[0] && fromRow(rows[0]);
    },

    async add(businessId, id, given) {
      const { names, row } = rowOf(given);
      const keys = table.tenantColumn ? ['id'] : ['business_id', 'id'];
      const key = { business_id: toUuid(businessId), id: toUuid(id) };
      const all = [...keys, ...names].join(', ');
      await client.query(
        `INSERT INTO ${table.name} (${all})
         SELECT ${all} FROM jsonb_populate_record(NULL::${table.name}, $1::jsonb || $2::jsonb)`,
        [row, JSON.stringify(key)],
      );
      await raiseConfigRevision(client, businessId);
    },

    async change(businessId, id, given) {
      const { names, row } = rowOf(given);
      const set = names.map((name) => `${name} = given.${name}`);
      const { rows } = await client.query<{ revision: number }>(
        `UPDATE ${table.name} t
            SET ${[...set, 'revision = t.revision + 1', 'updated_at = now()'].join(', ')}
           FROM jsonb_populate_record(NULL::${table.name}, $3::jsonb) AS given
          WHERE t.${tenant} = $1 AND t.id = $2
          RETURNING t.revision`,
        [toUuid(businessId), toUuid(id), row],
      );
      if (!rows[0]) throw new Error(`${table.name} has no ${id}`);
      await raiseConfigRevision(client, businessId);
      return rows[0].revision;
    },

    async count(businessId, given, except) {
      const { names, row } = rowOf(given);
      const same = names.map((name) => `t.${name} IS NOT DISTINCT FROM given.${name}`);
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::int AS count
           FROM ${table.name} t, jsonb_populate_record(NULL::${table.name}, $2::jsonb) AS given
          WHERE ${[`t.${tenant} = $1`, ...same, 't.id IS DISTINCT FROM $3'].join(' AND ')}`,
        [toUuid(businessId), row, except === undefined ? null : toUuid(except)],
      );
      return rows[0]?.count ?? 0;
    },
  };
}

/** Workers read a business's set-up again when this moves. */
export async function raiseConfigRevision(
  client: PoolClient,
  businessId: BusinessId,
): Promise<void> {
  await client.query(
    'UPDATE business.businesses SET config_revision = config_revision + 1 WHERE id = $1',
    [toUuid(businessId)],
  );
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
