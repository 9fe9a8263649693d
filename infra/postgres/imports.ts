import { nameKeys } from '../../domain/customers/customer.ts';
import type { ImportBooks, ImportState } from '../../domain/imports/import-books.ts';
import { NO_ROWS, type RowCounts, type RowKey } from '../../domain/imports/import.ts';
import type { CustomerId, JobId } from '../../domain/values/ids.ts';
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
      // Sent together: they are carried out in order.
      const [, , found] = await Promise.all([
        client.query(sql.lookUpsOnly),
        client.query({ ...sql.beginImport, values }),
        client.query<sql.ImportRow>({ ...sql.lockImport, values: values.slice(0, 2) }),
      ]);
      return stateOf(id, found.rows);
    },
    async findKnown(businessId, keys) {
      const rows = await lookUp<sql.KnownRow>(sql.findKnown, toUuid(businessId), keys.map(partsOf));
      return rows.map(({ kind, system, value, id }) => {
        const key = [kind, ...(system === '' ? [] : [system]), value].join(':') as RowKey;
        return { key, id: fromUuid('cus', id) };
      });
    },
    async findExternalIds(businessId, ids) {
      const values = [toUuid(businessId), ids.map(toUuid)];
      const { rows } = await plannedAnew(() =>
        client.query<{ customer_id: string; system: string; value: string }>({
          ...sql.findExternalIds,
          values,
        }),
      );
      const found = new Map<CustomerId, Record<string, string>>();
      for (const { customer_id, system, value } of rows) {
        const id = fromUuid('cus', customer_id);
        found.set(id, { ...found.get(id), [system]: value });
      }
      return found;
    },
    async findOpened(businessId, cardIds) {
      const wanted = cardIds.map((external_id) => ({ external_id }));
      const rows = await lookUp<{ external_id: (typeof cardIds)[number] }>(
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
      if (!first || !last) throw new Error('there are no results to keep');
      const counts = { ...NO_ROWS } as Record<keyof RowCounts, number>;
      for (const { status } of results) counts[status] += 1;
      const statuses = [...new Set(results.map(({ status }) => status))];
      const values = [toUuid(businessId), toUuid(id), first.row, last.row, statuses];
      const { rows } = await client.query<sql.ImportRow>({
        ...sql.keepResults,
        values: [...values, JSON.stringify(results), results.length, ...Object.values(counts)],
      });
      return stateOf(id, rows);
    },
    async finish(businessId, id) {
      const values = [toUuid(businessId), toUuid(id)];
      await client.query({ ...sql.finishImport, values });
    },
  };

  /** One round trip; a failure of the look-up also fails what is sent around it. */
  async function plannedAnew<Result>(ask: () => Promise<Result>): Promise<Result> {
    const [, result] = await Promise.all([
      client.query(sql.planAnew),
      ask(),
      client.query(sql.keepPlans),
    ]);
    return result;
  }

  function lookUp<Row extends object>(...asked: Parameters<typeof run>): Promise<Row[]> {
    return plannedAnew(() => run<Row>(...asked));
  }

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

function stateOf(id: JobId, [row]: readonly sql.ImportRow[]): ImportState {
  if (!row) throw new Error(`no import ${id}`);
  const { created, credited, known, skipped, failed } = row;
  const counts: RowCounts = { created, credited, known, skipped, failed };
  return { rowsDone: row.rows_done, counts, isFinished: row.finished_at !== null };
}

/** `externalId:crm:42` is `42` in `crm`; a value may hold colons, a system may not. */
function partsOf(key: RowKey): { kind: string; system: string; value: string } {
  const [kind = '', ...rest] = key.split(':');
  const system = kind === 'externalId' ? (rest.shift() ?? '') : '';
  return { kind, system, value: rest.join(':') };
}
