import { nameKeys } from '../../domain/customers/customer.ts';
import type { ImportBooks } from '../../domain/imports/import-books.ts';
import { NO_ROWS, type RowCounts, type RowKey } from '../../domain/imports/import.ts';
import type { CustomerId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import * as sql from './statements/imports.ts';

/** Imports, bound to one transaction's connection. */
export function createImportBooks(client: Queryable): ImportBooks {
  return {
    async begin(businessId, id, { sha256, rows, isDryRun, requestedBy, at }) {
      const values = [
        toUuid(businessId),
        toUuid(id),
        sha256,
        rows,
        isDryRun,
        requestedBy,
        toIso(at),
      ];
      await client.query(sql.lookUpsOnly);
      await client.query({ ...sql.beginImport, values });
      const found = await client.query<sql.ImportRow>({
        ...sql.lockImport,
        values: values.slice(0, 2),
      });
      const [row] = found.rows;
      if (!row) throw new Error(`no import ${id}`);
      const { created, credited, known, skipped, failed } = row;
      const counts: RowCounts = { created, credited, known, skipped, failed };
      return { rowsDone: row.rows_done, counts, isFinished: row.finished_at !== null };
    },
    async findKnown(businessId, keys) {
      const rows = await run<sql.KnownRow>(sql.findKnown, toUuid(businessId), keys.map(partsOf));
      return rows.map(({ kind, system, value, id }) => {
        const key = [kind, ...(system === '' ? [] : [system]), value].join(':') as RowKey;
        return { key, id: fromUuid('cus', id) };
      });
    },
    async findExternalIds(businessId, ids) {
      const values = [toUuid(businessId), ids.map(toUuid)];
      const { rows } = await client.query<{ customer_id: string; system: string; value: string }>({
        ...sql.findExternalIds,
        values,
      });
      const found = new Map<CustomerId, Record<string, string>>();
      for (const { customer_id, system, value } of rows) {
        const id = fromUuid('cus', customer_id);
        found.set(id, { ...found.get(id), [system]: value });
      }
      return found;
    },
    async findOpened(businessId, cardIds) {
      const wanted = cardIds.map((external_id) => ({ external_id }));
      const rows = await run<{ external_id: (typeof cardIds)[number] }>(
        sql.findOpened,
        toUuid(businessId),
        wanted,
      );
      return new Set(rows.map((row) => row.external_id));
    },
    async insert(businessId, customers) {
      const rows = customers.map(({ id, profile, tags }) => ({
        id: toUuid(id),
        phone: profile.phone,
        email: profile.email,
        name: profile.name,
        birthday: profile.birthday,
        locale: profile.locale,
        consents: profile.consents,
        keys: nameKeys(profile.name),
        external: Object.entries(profile.externalIds),
        tags,
      }));
      await run(sql.insertPeople, toUuid(businessId), rows);
    },
    async keep(businessId, id, results) {
      const [first, last] = [results[0], results.at(-1)];
      if (!first || !last) return;
      const counts = { ...NO_ROWS } as Record<keyof RowCounts, number>;
      for (const { status } of results) counts[status] += 1;
      const statuses = [...new Set(results.map(({ status }) => status))];
      const values = [toUuid(businessId), toUuid(id), first.row, last.row, statuses];
      await client.query({
        ...sql.keepResults,
        values: [...values, JSON.stringify(results), results.length, ...Object.values(counts)],
      });
    },
    async finish(businessId, id) {
      const values = [toUuid(businessId), toUuid(id)];
      await client.query({ ...sql.finishImport, values });
    },
  };

  async function run<Row extends object>(
    statement: { name: string; text: string },
    business: string,
    rows: readonly object[],
  ): Promise<Row[]> {
    if (rows.length === 0) return [];
    const values = [JSON.stringify(rows), business];
    return (await client.query<Row>({ ...statement, values })).rows;
  }
}

/** `externalId:crm:42` is `42` in `crm`; a value may hold colons, a system may not. */
function partsOf(key: RowKey): { kind: string; system: string; value: string } {
  const [kind = '', ...rest] = key.split(':');
  const system = kind === 'externalId' ? (rest.shift() ?? '') : '';
  return { kind, system, value: rest.join(':') };
}
