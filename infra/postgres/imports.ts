import type { ImportBooks, ImportState } from '../../domain/imports/import-books.ts';
import { NO_ROWS, type RowCounts, type RowKey } from '../../domain/imports/import.ts';
import type { CustomerId, JobId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { textColumn } from './columns.ts';
import { fromUuid, toUuid } from './ids.ts';
import { insertOpenings, insertPeople } from './newcomers.ts';
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
      const wanted = Map.groupBy(keys.map(partsOf), ({ kind }) => kind);
      const others = wanted.get('externalId') ?? [];
      const valuesOf = (kind: string) =>
        textColumn((wanted.get(kind) ?? []).map(({ value }) => value));
      const rows = await lookUp<sql.KnownRow>(sql.findKnown, [
        toUuid(businessId),
        valuesOf('phone'),
        valuesOf('email'),
        textColumn(others.map(({ system }) => system)),
        valuesOf('externalId'),
      ]);
      return rows.map(({ kind, system, value, id }) => {
        const key = [kind, ...(system === '' ? [] : [system]), value].join(':') as RowKey;
        return { key, id: fromUuid('cus', id) };
      });
    },
    async findExternalIds(businessId, ids) {
      const rows = await lookUp<{ customer_id: string; system: string; value: string }>(
        sql.findExternalIds,
        [toUuid(businessId), ids.map(toUuid)],
      );
      const found = new Map<CustomerId, Record<string, string>>();
      for (const { customer_id, system, value } of rows) {
        const id = fromUuid('cus', customer_id);
        found.set(id, { ...found.get(id), [system]: value });
      }
      return found;
    },
    async findOpened(businessId, cardIds) {
      if (cardIds.length === 0) return new Set();
      const rows = await lookUp<{ external_id: (typeof cardIds)[number] }>(sql.findOpened, [
        toUuid(businessId),
        cardIds,
      ]);
      return new Set(rows.map((row) => row.external_id));
    },
    insertPeople: (businessId, people) => insertPeople(client, businessId, people),
    insertOpenings: (businessId, openings) => insertOpenings(client, businessId, openings),
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
  async function lookUp<Row extends object>(
    statement: { name: string; text: string },
    values: readonly unknown[],
  ): Promise<Row[]> {
    const [, { rows }] = await Promise.all([
      client.query(sql.planAnew),
      client.query<Row>({ ...statement, values: [...values] }),
      client.query(sql.keepPlans),
    ]);
    return rows;
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
