import type { Pool } from 'pg';
import { searchKey } from '../../domain/customers/customer.ts';
import type { Consents } from '../../domain/values/consents.ts';
import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';

interface Row {
  id: string;
  phone: string | null;
  email: string | null;
  name: string | null;
  birthday: string | null;
  locale: string | null;
  consents: Consents;
  external_ids: Record<string, string>;
  tags: string[];
  created_at: number;
  updated_at: number;
  merged_into: string | null;
  erased_at: number | null;
  sort_key: string;
}

interface CardRow {
  id: string;
  code: string;
  aliases: string[];
  program_id: string;
  program_name: string;
  unit: 'stamp' | 'point';
  status: string;
  balance: number;
  debt: number;
  opened_at: number;
}

type Search =
  | { by: 'all'; value?: undefined }
  | { by: 'phone' | 'email' | 'cardCode' | 'tag' | 'name'; value: string }
  | { by: 'externalId'; system: string; value: string };

interface Page {
  limit: number;
  /** Sort key and id of the last one before. */
  after: readonly string[] | undefined;
}

const columns = `
  c.id, c.phone, c.email, c.name, c.birthday, c.locale, c.consents, c.created_at, c.updated_at,
  c.merged_into, c.erased_at,
  (SELECT coalesce(json_object_agg(x.system, x.value ORDER BY x.system), '{}')
     FROM customer.external_ids x
    WHERE x.business_id = c.business_id AND x.customer_id = c.id) AS external_ids,
  ARRAY(SELECT t.tag FROM customer.customer_tags t
         WHERE t.business_id = c.business_id AND t.customer_id = c.id ORDER BY t.tag) AS tags`;

const isLive = 'c.merged_into IS NULL AND c.erased_at IS NULL';
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Each takes business, last id of the page before, limit, then its own parameters. */
const pages = {
  all: `
    SELECT ${columns}, '' AS sort_key FROM customer.customers c
     WHERE c.business_id = $1 AND c.id > $2 AND ${isLive} ORDER BY c.id LIMIT $3`,
  tag: `
    SELECT ${columns}, '' AS sort_key FROM customer.customer_tags k
      JOIN customer.customers c ON c.business_id = k.business_id AND c.id = k.customer_id
     WHERE k.business_id = $1 AND k.customer_id > $2 AND k.tag = $4 AND ${isLive}
     ORDER BY k.customer_id LIMIT $3`,
  // A prefix is a range of keys. Someone whose name has two words that begin so is listed at the first.
  name: `
    SELECT ${columns}, k.name_key AS sort_key FROM customer.name_keys k
      JOIN customer.customers c ON c.business_id = k.business_id AND c.id = k.customer_id
     WHERE k.business_id = $1 AND (k.name_key, k.customer_id) > ($6, $2) AND k.name_key < $5
       AND ${isLive}
       AND NOT EXISTS (SELECT FROM customer.name_keys o
                        WHERE o.business_id = k.business_id AND o.customer_id = k.customer_id
                          AND o.name_key >= $4 AND o.name_key < k.name_key)
     ORDER BY k.name_key, k.customer_id LIMIT $3`,
};

/** One customer at most. Whoever was merged away is found as the one who carries on. */
const single = (found: string) => `
  SELECT ${columns}, '' AS sort_key FROM customer.customers c
   WHERE c.business_id = $1 AND c.erased_at IS NULL AND c.id = (${found})`;
const singles = {
  phone: single(`SELECT coalesce(f.merged_into, f.id) FROM customer.customers f
                  WHERE f.business_id = $1 AND f.phone = $2`),
  email: single(`SELECT coalesce(f.merged_into, f.id) FROM customer.customers f
                  WHERE f.business_id = $1 AND f.email = $2`),
  cardCode: single(`SELECT f.customer_id FROM loyalty.cards f
                     WHERE f.business_id = $1 AND f.code = $2`),
  externalId: single(`SELECT coalesce(f.merged_into, f.id) FROM customer.external_ids x
                        JOIN customer.customers f
                          ON f.business_id = x.business_id AND f.id = x.customer_id
                       WHERE x.business_id = $1 AND x.value = $2 AND x.system = $3`),
};

const findOne = `
  SELECT ${columns}, '' AS sort_key FROM customer.customers c WHERE c.business_id = $1 AND c.id = $2`;

const findCards = `
  SELECT c.id, c.code, c.program_id, p.name AS program_name, p.unit, c.status, c.balance, c.debt,
         c.opened_at,
         ARRAY(SELECT m.code FROM loyalty.cards m
                WHERE m.business_id = c.business_id AND m.merged_into = c.id ORDER BY m.id) AS aliases
    FROM loyalty.cards c
    JOIN loyalty.programs p ON p.business_id = c.business_id AND p.id = c.program_id
   WHERE c.business_id = $1 AND c.customer_id = $2 AND c.status <> 'merged'
   ORDER BY c.id`;

/** What is known of customers, for those who may only read. */
export function createCustomerDirectory(pool: Pool) {
  const rowsOf = async (name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name: `customers-${name}`, text, values })).rows;

  async function look(business: string, search: Search, page: Page): Promise<Row[]> {
    const [key = '', id] = page.after ?? [];
    const last = id === undefined ? FIRST_ID : toUuid(id as CustomerId);
    const paged = [business, last, page.limit];
    const { by, value } = search;
    if (by === 'all') return rowsOf(by, pages.all, paged);
    if (by === 'tag') return rowsOf(by, pages.tag, [...paged, value]);
    if (by === 'externalId') return rowsOf(by, singles[by], [business, value, search.system]);
    if (by !== 'name') return rowsOf(by, singles[by], [business, value]);
    const prefix = searchKey(value);
    if (prefix === '') return [];
    // One lower bound: of two, PostgreSQL starts at the row's and would walk from the first name on.
    const from = key < prefix ? prefix : key;
    return rowsOf(by, pages.name, [...paged, prefix, `${prefix}\u{10ffff}`, from]);
  }

  return {
    async search(businessId: BusinessId, search: Search, page: Page) {
      const rows = await look(toUuid(businessId), search, page);
      return rows.map((row) => ({ customer: toRecord(row), sortKey: row.sort_key }));
    },
    async find(businessId: BusinessId, id: CustomerId) {
      const [row] = await rowsOf('one', findOne, [toUuid(businessId), toUuid(id)]);
      return row && toRecord(row);
    },
    async findCards(businessId: BusinessId, id: CustomerId) {
      const values = [toUuid(businessId), toUuid(id)];
      const { rows } = await pool.query<CardRow>({ name: 'held-cards', text: findCards, values });
      return rows.map((row) => ({
        id: fromUuid('crd', row.id),
        code: row.code,
        aliases: row.aliases,
        programId: fromUuid('prg', row.program_id),
        programName: row.program_name,
        unit: row.unit,
        status: row.status,
        balance: row.balance,
        debt: row.debt,
        openedAt: toIso(row.opened_at),
      }));
    },
  };
}

function toRecord(row: Row) {
  const { phone, email, name, birthday, locale, consents, tags } = row;
  return {
    id: fromUuid('cus', row.id),
    phone,
    email,
    name,
    birthday,
    locale,
    consents,
    externalIds: row.external_ids,
    tags,
    createdAt: toIso(row.created_at),
    updatedAt: toIso(row.updated_at),
    mergedInto: row.merged_into === null ? null : fromUuid('cus', row.merged_into),
    erasedAt: row.erased_at === null ? null : toIso(row.erased_at),
  };
}
