import type { Statement } from '../statement.ts';

/** Statements of an import. Those with rows take them as one JSON array in `$1`, the business in `$2`. */

/** For this transaction: no plan reads a whole table. */
export const lookUpsOnly = {
  name: 'import-looks-up',
  text: `SELECT set_config('enable_seqscan', 'off', true)`,
};

/**
 * Around a look-up: its plan is made anew each time, because one that was made while the tables were
 * empty would walk them when they are full. What only writes keeps its plan.
 */
export const planAnew = {
  name: 'import-plans-anew',
  text: `SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`,
};
export const keepPlans = {
  name: 'import-keeps-plans',
  text: `SELECT set_config('plan_cache_mode', 'auto', true)`,
};

export const beginImport = {
  name: 'begin-import',
  text: `
    INSERT INTO business.imports (business_id, id, sha256, rows, is_dry_run, requested_by, started_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (business_id, id) DO NOTHING`,
};

export const lockImport = {
  name: 'lock-import',
  text: `
    SELECT rows_done, created, credited, known, skipped, failed, finished_at
      FROM business.imports WHERE business_id = $1 AND id = $2 FOR UPDATE`,
};

export interface ImportRow {
  rows_done: number;
  created: number;
  credited: number;
  known: number;
  skipped: number;
  failed: number;
  finished_at: number | null;
}

/**
 * Who has one of these phones, e-mails or ids of other systems. Who was merged away leads to who carries
 * on; of who was erased no key is left. Each key is a probe of its own: given all keys at once, a planner
 * that knows nothing of the tables yet reads a whole business instead.
 */
export const findKnown: Statement = {
  name: 'find-known-people',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json) AS w (kind text, system text, value text)
    )
    SELECT w.kind, w.system, w.value, c.id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = $2 AND c.phone = w.value OFFSET 0) c
     WHERE w.kind = 'phone'
    UNION ALL
    SELECT w.kind, w.system, w.value, c.id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = $2 AND c.email = w.value OFFSET 0) c
     WHERE w.kind = 'email'
    UNION ALL
    SELECT w.kind, w.system, w.value, c.id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT x.customer_id FROM customer.external_ids x
              WHERE x.business_id = $2 AND x.system = w.system AND x.value = w.value OFFSET 0) x
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = $2 AND c.id = x.customer_id OFFSET 0) c
     WHERE w.kind = 'externalId'`,
};

export interface KnownRow {
  kind: string;
  system: string;
  value: string;
  id: string;
}

export const findExternalIds = {
  name: 'find-external-ids',
  text: `
    SELECT customer_id, system, value FROM customer.external_ids
     WHERE business_id = $1 AND customer_id = ANY ($2)`,
};

export const findOpened = {
  name: 'find-opened-cards',
  text: `
    SELECT w.external_id
      FROM json_to_recordset($1::json) AS w (external_id text)
     CROSS JOIN LATERAL (
             SELECT FROM loyalty.transactions t
              WHERE t.business_id = $2 AND t.integration = 'import' AND t.kind = 'opening-balance'
                AND t.external_id = w.external_id OFFSET 0) t`,
};

/** Ordered by phone, as sales enrol: two that write the same people wait for each other. */
export const insertPeople = {
  name: 'insert-people',
  text: `
    WITH person AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS r (id uuid, phone text, email text, name text, birthday date, locale text, consents jsonb,
              keys json, external json, tags json)
       ORDER BY phone, email
    ), customer AS (
      INSERT INTO customer.customers (business_id, id, phone, email, name, birthday, locale, consents)
      SELECT $2, id, phone, email, name, birthday, locale, consents FROM person
    ), name_key AS (
      INSERT INTO customer.name_keys (business_id, customer_id, name_key)
      SELECT $2, p.id, k FROM person p CROSS JOIN LATERAL json_array_elements_text(p.keys) k
    ), tag AS (
      INSERT INTO customer.customer_tags (business_id, customer_id, tag)
      SELECT $2, p.id, t FROM person p CROSS JOIN LATERAL json_array_elements_text(p.tags) t
    )
    INSERT INTO customer.external_ids (business_id, customer_id, system, value)
    SELECT $2, p.id, x ->> 0, x ->> 1
      FROM person p CROSS JOIN LATERAL json_array_elements(p.external) x`,
};

/** Results, and the checkpoint that they are. */
export const keepResults = {
  name: 'keep-import-results',
  text: `
    WITH results AS (
      INSERT INTO business.import_results (business_id, import_id, first_row, last_row, statuses, results)
      VALUES ($1, $2, $3, $4, $5, $6))
    UPDATE business.imports
       SET rows_done = rows_done + $7, created = created + $8, credited = credited + $9,
           known = known + $10, skipped = skipped + $11, failed = failed + $12
     WHERE business_id = $1 AND id = $2
    RETURNING rows_done, created, credited, known, skipped, failed, finished_at`,
};

export const finishImport = {
  name: 'finish-import',
  text: `
    UPDATE business.imports SET finished_at = now(), rows = rows_done
     WHERE business_id = $1 AND id = $2`,
};
