import type { Pool } from 'pg';
import type { BusinessId, TransactionId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';

/** A row of the books whose document is wanted. */
export interface DocumentRow {
  id: string;
  customer_id: string | null;
  store_id: string | null;
  occurred_at: Instant;
}

/** What is said of a transaction: as it was posted, and what came of it, with why. */
interface TransactionDocument {
  receipt: unknown;
  outcome: unknown;
}

interface DocumentKey {
  id: string;
  businessId: string;
  customerId: string | null;
  storeId: string | null;
  occurredAt: Instant;
}

/** Documents of transactions, by the transactions' uuids. */
export type FindDocuments = (
  businessId: BusinessId,
  rows: readonly DocumentRow[],
) => Promise<ReadonlyMap<string, TransactionDocument>>;

const findInBooks = {
  name: 'find-documents',
  text: `SELECT id, receipt, outcome FROM loyalty.transactions WHERE business_id = $1 AND id = ANY ($2)`,
};
/** How long the log is left alone after it did not answer. */
const REST_MS = 10_000;

/**
 * Documents out of the log, and out of the books where the log does not have them: it is a moment
 * behind, and may be away. Which transactions there are, only the books say; so what is read is never
 * wrong or missing because of the log.
 */
export function createDocuments(options: {
  pool: Pool;
  readLog: (keys: readonly DocumentKey[]) => Promise<ReadonlyMap<string, TransactionDocument>>;
  now: () => Instant;
  onTrouble: (error: unknown) => void;
}): FindDocuments {
  const { pool, readLog, now, onTrouble } = options;
  let restUntil = 0;

  async function fromLog(businessId: BusinessId, rows: readonly DocumentRow[]) {
    if (now() < restUntil) return new Map<string, TransactionDocument>();
    try {
      return await readLog(
        rows.map((row) => ({
          id: fromUuid('txn', row.id),
          businessId,
          customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
          storeId: row.store_id === null ? null : fromUuid('sto', row.store_id),
          occurredAt: row.occurred_at,
        })),
      );
    } catch (error) {
      restUntil = now() + REST_MS;
      onTrouble(error);
      return new Map<string, TransactionDocument>();
    }
  }

  return async (businessId, rows) => {
    if (rows.length === 0) return new Map();
    const logged = await fromLog(businessId, rows);
    const found = new Map(
      [...logged].map(([id, document]) => [toUuid(id as TransactionId), document]),
    );
    const missing = rows.flatMap(({ id }) => (found.has(id) ? [] : id));
    if (missing.length === 0) return found;
    const books = await pool.query<TransactionDocument & { id: string }>({
      ...findInBooks,
      values: [toUuid(businessId), missing],
    });
    for (const { id, receipt, outcome } of books.rows) found.set(id, { receipt, outcome });
    return found;
  };
}

/** Puts in the outcomes of rows that were read without them. */
export async function fillOutcomes<Row extends DocumentRow & { outcome: unknown }>(
  find: FindDocuments | undefined,
  businessId: BusinessId,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (!find) return rows;
  const documents = await find(businessId, rows);
  return rows.map((row) => ({ ...row, outcome: documents.get(row.id)?.outcome }));
}
