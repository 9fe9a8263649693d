import type { Statement } from '../statement.ts';

/**
 * Customers that entries enrolled. A concurrent twin fails the batch, which is then retried. The
 * order makes two batches with the same new customers wait for each other, not deadlock.
 */
export const insertCustomers: Statement = {
  name: 'insert-customers',
  text: `
    INSERT INTO customer.customers (business_id, id, phone, email)
    SELECT business_id, id, phone, email
      FROM json_to_recordset($1::json) AS r (business_id uuid, id uuid, phone text, email text)
     ORDER BY business_id, phone, email`,
};

/**
 * Cards that are opened. One for a customer who was merged or erased since they were read gives no
 * row: the look takes the lock that such a change waits for, or waits for it.
 */
export const insertCards: Statement = {
  name: 'insert-cards',
  text: `
    INSERT INTO loyalty.cards (business_id, id, program_id, customer_id, code, balance, debt,
                               sequence, version_number, active_until)
    SELECT business_id, id, program_id, customer_id, code, balance, debt, sequence,
           version_number, active_until
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, id uuid, program_id uuid, customer_id uuid, code text,
                 balance bigint, debt bigint, sequence bigint, version_number integer,
                 active_until timestamptz)
     CROSS JOIN LATERAL (
             SELECT FROM customer.customers u
              WHERE u.business_id = r.business_id AND u.id = r.customer_id
                AND u.merged_into IS NULL AND u.erased_at IS NULL
             OFFSET 0 FOR KEY SHARE) u
    RETURNING id`,
};

/**
 * New balances of cards whose rows this transaction has locked. Found by their place on disk, which
 * a locked row keeps: the target of an UPDATE cannot be probed laterally.
 */
export const updateCards: Statement = {
  name: 'update-cards',
  text: `
    UPDATE loyalty.cards c
       SET balance = r.balance, debt = r.debt, sequence = r.sequence,
           version_number = r.version_number, active_until = r.active_until
      FROM (SELECT r.balance, r.debt, r.sequence, r.version_number, r.active_until, x.place
              FROM json_to_recordset($1::json)
                   AS r (business_id uuid, id uuid, balance bigint, debt bigint,
                         sequence bigint, version_number integer, active_until timestamptz)
             CROSS JOIN LATERAL (
                     SELECT x.ctid AS place FROM loyalty.cards x
                      WHERE x.business_id = r.business_id AND x.id = r.id OFFSET 0) x) r
     WHERE c.ctid = r.place`,
};

/** Draws on lots of locked cards, so of none that others change; never below zero (a check). */
export const drawLots: Statement = {
  name: 'draw-lots',
  text: `
    UPDATE loyalty.lots l
       SET remaining = l.remaining - r.amount
      FROM (SELECT r.amount, x.place
              FROM json_to_recordset($1::json) AS r (business_id uuid, id uuid, amount bigint)
             CROSS JOIN LATERAL (
                     SELECT x.ctid AS place FROM loyalty.lots x
                      WHERE x.business_id = r.business_id AND x.id = r.id OFFSET 0) x) r
     WHERE l.ctid = r.place`,
};

/** Compare-and-set: a reward that was changed since it was read gives no row. */
export const changeRewards: Statement = {
  name: 'change-rewards',
  text: `
    UPDATE loyalty.issued_rewards x
       SET status = r.status, version = x.version + 1, funding = r.funding,
           expires_at = r.expires_at, reserved_by = r.reserved_by,
           reserved_store_id = r.reserved_store_id, reserved_until = r.reserved_until,
           redeemed_by = coalesce(r.redeemed_by, x.redeemed_by),
           redeemed_store_id = coalesce(r.redeemed_store_id, x.redeemed_store_id),
           redeemed_at = coalesce(r.redeemed_at, x.redeemed_at),
           redeemed_in = coalesce(r.redeemed_in, x.redeemed_in)
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, id uuid, version integer, status text, funding json,
                 expires_at timestamptz, reserved_by text, reserved_store_id uuid,
                 reserved_until timestamptz, redeemed_by text, redeemed_store_id uuid,
                 redeemed_at timestamptz, redeemed_in uuid)
     WHERE x.business_id = r.business_id AND x.id = r.id AND x.version = r.version
    RETURNING x.id`,
};

// Only a failed or waiting job may reach another state: when ops replay it, or its wait ends.
const insertJobRows = `
    INSERT INTO loyalty.jobs AS j (business_id, id, type, request_hash, status, transaction_id,
                                   problem, result, received_at)
    SELECT business_id, id, type, request_hash, status, transaction_id, problem, result,
           received_at
      FROM job
     ORDER BY business_id, id
        ON CONFLICT (business_id, id) DO UPDATE
       SET status = excluded.status, transaction_id = excluded.transaction_id,
           problem = excluded.problem, result = excluded.result, finished_at = now()
     WHERE j.status IN ('failed', 'waiting')`;

const jobRows = (more: string) => `
    WITH job AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS r (business_id uuid, id uuid, type text, request_hash text, status text,
              transaction_id uuid, problem jsonb, result json, received_at timestamptz${more}))`;

export const insertJobs: Statement = {
  name: 'insert-jobs',
  text: `${jobRows('')} ${insertJobRows}`,
};

/**
 * The same for sales, and takes hold of the refunds that waited for them. In one statement because
 * every batch runs it, and as the last one: only a look after the sale has its place in the unique
 * index cannot miss a refund (see workers/handlers/refund-purchase).
 */
export const insertSaleJobs: Statement = {
  name: 'insert-sale-jobs',
  text: `${jobRows(', integration text, external_id text')},
    inserted AS (${insertJobRows})
    SELECT w.business_id, w.job_id, w.integration, w.sale_external_id, w.message, w.received_at,
           w.due_at
      FROM job
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.waiting_refunds w
              WHERE w.business_id = job.business_id AND w.integration = job.integration
                AND w.sale_external_id = job.external_id
             OFFSET 0 FOR UPDATE) w`,
};
