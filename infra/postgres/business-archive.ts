import type { Pool } from 'pg';
import type { BusinessArchive, Exports } from '../../domain/exports/export.ts';
import { CONSENT_PURPOSES } from '../../domain/values/consents.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import type { Unit } from '../../domain/values/units.ts';
import { pagesOf, presentRow } from './archive.ts';
import { type ArchiveTable, archiveTables, type Shape } from './archive-tables.ts';
import { setUpTables } from './archive-setup-tables.ts';
import { toUuid } from './ids.ts';
import { inTransaction, type Queryable } from './pool.ts';

/** What writing a page somewhere may take: the connection is idle meanwhile. */
const PATIENCE = "SET LOCAL idle_in_transaction_session_timeout = '120s'";
const PAGE_ROWS = 1_000;

/** Everything a business owns. A reading holds one connection, which sees one moment throughout. */
export function createBusinessArchive(pool: Pool): BusinessArchive {
  return {
    read: (businessId, take) =>
      inTransaction(pool, async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
        await client.query(PATIENCE);
        const { signIns: _, ...books } = archiveTables;
        const tables: Record<string, ArchiveTable> = {
          customers: await customersTable(client, businessId),
          ...books,
          ...setUpTables,
        };
        const total = Object.keys(tables).length;
        for (const [index, [name, table]] of Object.entries(tables).entries()) {
          const pages = present(client, name, table, businessId);
          await take({ name, columns: Object.keys(table.columns), pages }, { index, total });
        }
      }),
  };
}

async function* present(
  client: Queryable,
  name: string,
  table: ArchiveTable,
  businessId: BusinessId,
) {
  const of = { businessId, pageRows: PAGE_ROWS };
  for await (const rows of pagesOf(client, name, table, of)) {
    yield rows.map((row) => presentRow(table, row));
  }
}

/** Customers in the columns that an import reads, so that what was taken along can be brought in. */
async function customersTable(client: Queryable, businessId: BusinessId): Promise<ArchiveTable> {
  const business = [toUuid(businessId)];
  const { rows: systems } = await client.query<{ system: string }>(
    'SELECT DISTINCT system FROM customer.external_ids WHERE business_id = $1 ORDER BY 1',
    business,
  );
  const { rows: programs } = await client.query<{ id: string; name: string; unit: Unit }>(
    'SELECT id, name, unit FROM loyalty.programs WHERE business_id = $1 ORDER BY id',
    business,
  );
  type Columns = Record<string, readonly [string, Shape]>;
  const externalIds: Columns = Object.fromEntries(
    systems.map(({ system }) => [
      `externalId:${system}`,
      [
        `(SELECT x.value FROM customer.external_ids x
           WHERE x.business_id = t.business_id AND x.customer_id = t.id AND x.system = '${system}')`,
        'plain',
      ],
    ]),
  );
  const consents: Columns = Object.fromEntries(
    CONSENT_PURPOSES.map((purpose) => [
      `consent:${purpose}`,
      [`t.consents ->> '${purpose}'`, 'plain'],
    ]),
  );
  const balances: Columns = Object.fromEntries(
    programs.map(({ id, name, unit }) => [
      // Two programs of one name cannot be told apart by it.
      `balance:${programs.filter((p) => p.name === name).length > 1 ? id : name}`,
      [
        `(SELECT c.balance FROM loyalty.cards c
           WHERE c.business_id = t.business_id AND c.customer_id = t.id AND c.program_id = '${id}'
             AND c.status IN ('active', 'blocked'))`,
        { amount: unit },
      ],
    ]),
  );
  return {
    columns: {
      id: ['t.id', { id: 'cus' }],
      phone: ['t.phone', 'plain'],
      email: ['t.email', 'plain'],
      name: ['t.name', 'plain'],
      birthday: ['t.birthday', 'plain'],
      locale: ['t.locale', 'plain'],
      tags: [
        `(SELECT string_agg(x.tag, ' ' ORDER BY x.tag) FROM customer.customer_tags x
           WHERE x.business_id = t.business_id AND x.customer_id = t.id)`,
        'plain',
      ],
      ...externalIds,
      ...consents,
      ...balances,
      createdAt: ['t.created_at', 'time'],
      mergedInto: ['t.merged_into', { id: 'cus' }],
      erasedAt: ['t.erased_at', 'time'],
    },
    from: 'customer.customers t',
    key: [['t.id', 'uuid']],
    // Its columns are this business's own, so no statement of another may be taken for it.
    isOwn: true,
  };
}

/** Exports that are ready, bound to one transaction's connection. */
export function createExports(client: Queryable): Exports {
  return {
    async record(businessId, { id, requestedBy, startedAt, expiresAt, files }) {
      await client.query({
        name: 'record-export',
        text: `
          INSERT INTO business.exports (business_id, id, requested_by, started_at, finished_at,
                                        expires_at, files)
          VALUES ($1, $2, $3, $4, now(), $5, $6)`,
        values: [
          toUuid(businessId),
          toUuid(id),
          requestedBy,
          new Date(startedAt),
          new Date(expiresAt),
          JSON.stringify(files),
        ],
      });
    },
  };
}
