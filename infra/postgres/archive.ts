import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import { presentAmount, type Unit } from '../../domain/values/units.ts';
import { type ArchiveTable, archiveTables, type Shape } from './archive-tables.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

type Row = unknown[];

const PAGE_ROWS = 500;

/** What is held about one customer and whoever was merged into them, part after part. */
export function createCustomerArchive(client: Queryable) {
  return {
    async *about(businessId: BusinessId, customerId: CustomerId) {
      const whose = await findWhose(client, businessId, customerId);
      for (const [part, table] of Object.entries(archiveTables)) {
        let isEmpty = true;
        for await (const page of pagesOf(client, part, table, { businessId, whose })) {
          isEmpty = false;
          yield { part, items: page.map((row) => toRecord(table, row)) };
        }
        if (isEmpty) yield { part, items: [] };
      }
    },
  };
}

/** The customers (uuids), and the public ids under which they and their cards are written about. */
type Whose = readonly [customers: string[], subjects: string[]];

async function findWhose(
  client: Queryable,
  businessId: BusinessId,
  customerId: CustomerId,
): Promise<Whose> {
  const { rows } = await client.query<{ id: string; cards: string[] }>({
    name: 'archive-whose',
    text: `
      SELECT u.id, ARRAY(SELECT c.id FROM loyalty.cards c
                          WHERE c.business_id = u.business_id AND c.customer_id = u.id) AS cards
        FROM customer.customers u
       WHERE u.business_id = $1 AND (u.id = $2 OR u.merged_into = $2)`,
    values: [toUuid(businessId), toUuid(customerId)],
  });
  const people = rows.map((row) => fromUuid('cus', row.id));
  const cards = rows.flatMap((row) => row.cards.map((card) => fromUuid('crd', card)));
  return [rows.map((row) => row.id), [...people, ...cards]];
}

/**
 * All rows of a table, page after page behind the last key: nothing is held between two pages, and
 * any number of rows fits any memory.
 */
export async function* pagesOf(
  client: Queryable,
  name: string,
  table: ArchiveTable,
  of: { businessId: BusinessId; whose?: Whose; pageRows?: number },
): AsyncGenerator<Row[]> {
  const values: unknown[] = [toUuid(of.businessId), ...(of.whose ?? [])];
  const kind = `archive-${name}${of.whose ? '-of-customer' : ''}`;
  const limit = of.pageRows ?? PAGE_ROWS;
  let query = { name: kind, text: pageText(table, { ...of, limit, isFirst: true }), values };
  const following = pageText(table, { ...of, limit, isFirst: false });
  for (;;) {
    const { rows } = await client.query<Row>({
      ...query,
      name: table.isOwn ? undefined : query.name,
      rowMode: 'array',
    });
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    if (rows.length < limit) return;
    const width = Object.keys(table.columns).length + 1;
    const after = last.slice(width, width + table.key.length);
    query = { name: `${kind}-next`, text: following, values: [...values, ...after] };
  }
}

/** Columns, then the unit, then the key as text: a moment must not lose its microseconds. */
function pageText(
  table: ArchiveTable,
  of: { whose?: Whose; limit: number; isFirst: boolean },
): string {
  const given = 1 + (of.whose?.length ?? 0);
  const names = table.key.map(([sql]) => sql).join(', ');
  // The first part also alone: an index knows it, where the rest may be read out of a document.
  const [[first, firstType] = ['t.id', 'uuid']] = table.key;
  const after = table.key.map(([, type], i) => `$${given + i + 1}::${type}`).join(', ');
  const columns = Object.values(table.columns).map(([sql]) => sql);
  const keys = table.key.map(([sql]) => `${sql}::text`);
  const isOne = of.whose !== undefined && table.whose !== undefined;
  // A parameter that nothing uses must still have a type.
  const typed = of.whose ? 'AND $2::uuid[] IS NOT NULL AND $3::text[] IS NOT NULL' : '';
  return `
    SELECT ${[...columns, table.unit ?? 'NULL', ...keys].join(', ')}
      FROM ${table.from}
     WHERE t.business_id = $1 ${typed} ${isOne ? `AND ${table.whose}` : ''}
           ${of.isFirst ? '' : `AND ${first} >= $${given + 1}::${firstType} AND (${names}) > (${after})`}
     ORDER BY ${names} LIMIT ${of.limit}`;
}

function toRecord(table: ArchiveTable, row: Row): Record<string, unknown> {
  const cells = presentRow(table, row);
  return Object.fromEntries(Object.keys(table.columns).map((name, i) => [name, cells[i]]));
}

/** A row's cells as the API shows such things, in the order of the columns. */
export function presentRow(table: ArchiveTable, row: Row): unknown[] {
  const shapes = Object.values(table.columns).map(([, shape]) => shape);
  const unit = (row[shapes.length] ?? 'stamp') as Unit;
  return shapes.map((shape, i) => presentCell(shape, row[i], unit));
}

function presentCell(shape: Shape, value: unknown, unit: Unit): unknown {
  if (value === null || value === undefined) return null;
  if (shape === 'time') return new Date(value as number).toISOString();
  if (shape === 'amount') return presentAmount(value as number, unit);
  if (typeof shape !== 'object') return value;
  if ('amount' in shape) return presentAmount(value as number, shape.amount);
  return fromUuid(shape.id, value as string);
}
