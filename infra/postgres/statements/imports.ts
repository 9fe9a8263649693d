/** Statements of an import, but for those that write customers: see newcomers.ts. */

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
export const findKnown = {
  name: 'find-known-people',
  text: `
    SELECT 'phone' AS kind, '' AS system, w.value, c.id
      FROM unnest($2::text[]) AS w (value)
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = $1 AND c.phone = w.value OFFSET 0) c
    UNION ALL
    SELECT 'email', '', w.value, c.id
      FROM unnest($3::text[]) AS w (value)
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = $1 AND c.email = w.value OFFSET 0) c
    UNION ALL
    SELECT 'externalId', w.system, w.value, c.id
      FROM unnest($4::text[], $5::text[]) AS w (system, value)
     CROSS JOIN LATERAL (
             SELECT x.customer_id FROM customer.external_ids x
              WHERE x.business_id = $1 AND x.system = w.system AND x.value = w.value OFFSET 0) x
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = $1 AND c.id = x.customer_id OFFSET 0) c`,
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
      FROM unnest($2::text[]) AS w (external_id)
     CROSS JOIN LATERAL (
             SELECT FROM loyalty.transactions t
              WHERE t.business_id = $1 AND t.integration = 'import' AND t.kind = 'opening-balance'
                AND t.external_id = w.external_id OFFSET 0) t`,
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
