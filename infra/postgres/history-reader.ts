import type { Pool } from 'pg';
import type { ExplanationStep } from '../../domain/earning/explanation.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  Id,
  IdKind,
  StoreId,
  TransactionId,
} from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { FindDocuments } from './documents.ts';
import { fromUuid, toUuid } from './ids.ts';

interface Page {
  limit: number;
  after: string | undefined;
  from: Instant | undefined;
  to: Instant | undefined;
}

interface TransactionRow {
  id: string;
  kind: string;
  status: string;
  integration: string;
  external_id: string;
  store_id: string | null;
  customer_id: string | null;
  original_id: string | null;
  occurred_at: number;
  received_at: number;
  recorded_at: number;
  business_date: string;
  total: { amount: number; currency: string } | null;
}

interface AuditRow {
  id: string;
  recorded_at: number;
  principal_kind: string;
  principal_id: string;
  action: string;
  subject_id: string | null;
  job_id: string;
  outcome: string;
  detail: unknown;
}

const ROW = `t.id, t.kind, t.status, t.integration, t.external_id, t.store_id, t.customer_id,
  t.original_id, t.occurred_at, t.received_at, t.recorded_at, t.business_date`;
const SUMMARY = `${ROW}, t.outcome -> 'total' AS total`;

/**
 * What has happened. Lists go by id, which tells the time that a row was made (UUIDv7), so that no
 * filter by time needs an index of its own on the tables that every sale writes.
 * @param documents where receipts and outcomes lie; absent: in the books
 */
export function createHistoryReader(pool: Pool, documents?: FindDocuments) {
  return {
    async listTransactions(
      businessId: BusinessId,
      wish: Page & {
        storeIds: readonly StoreId[] | null;
        cardId: CardId | undefined;
        customerId: CustomerId | undefined;
        kind: string | undefined;
      },
    ) {
      const where = conditions(businessId, 't', wish);
      if (wish.storeIds) where.add('t.store_id = ANY (?)', wish.storeIds.map(toUuid));
      if (wish.customerId) where.add('t.customer_id = ?', toUuid(wish.customerId));
      if (wish.kind !== undefined) where.add('t.kind = ?', wish.kind);
      if (wish.cardId) {
        where.add(
          `t.customer_id = (SELECT customer_id FROM loyalty.cards
                             WHERE business_id = $1 AND id = ?)`,
          toUuid(wish.cardId),
        );
        // Also what gave this card nothing is in its story; every outcome names its cards.
        where.add('strpos(t.outcome::text, ?) > 0', wish.cardId);
      }
      const { rows } = await pool.query<TransactionRow>(
        `SELECT ${SUMMARY} FROM loyalty.transactions t WHERE ${where.text()}
          ORDER BY t.id DESC LIMIT ${wish.limit}`,
        where.values,
      );
      return rows.map(presentSummary);
    },

    async findTransaction(
      businessId: BusinessId,
      id: TransactionId,
      storeIds: readonly StoreId[] | null,
    ) {
      const { rows } = await pool.query<DetailRow>(
        `SELECT ${documents ? ROW : `${SUMMARY}, t.receipt, t.outcome`} FROM loyalty.transactions t
          WHERE t.business_id = $1 AND t.id = $2
            AND ($3::uuid[] IS NULL OR t.store_id = ANY ($3))`,
        [toUuid(businessId), toUuid(id), storeIds?.map(toUuid) ?? null],
      );
      const row = rows[0] && (await withDocument(rows[0], businessId, documents));
      if (!row) return undefined;
      const names = await programNames(pool, businessId);
      return {
        ...presentSummary(row),
        receipt: row.receipt,
        outcome: row.outcome,
        explanation: explain(row.outcome, names),
      };
    },

    async listAudit(
      businessId: BusinessId,
      wish: Page & { subjectId: string | undefined; action: string | undefined },
    ) {
      const where = conditions(businessId, 'a', wish);
      if (wish.subjectId !== undefined) where.add('a.subject_id = ?', wish.subjectId);
      if (wish.action !== undefined) where.add('a.action = ?', wish.action);
      const { rows } = await pool.query<AuditRow>(
        `SELECT a.id, a.recorded_at, a.principal_kind, a.principal_id, a.action, a.subject_id,
                a.job_id, a.outcome, a.detail
           FROM business.audit_log a WHERE ${where.text()}
          ORDER BY a.id DESC LIMIT ${wish.limit}`,
        where.values,
      );
      return rows.map((row) => ({
        id: fromUuid('aud', row.id),
        at: new Date(row.recorded_at).toISOString(),
        principal: { kind: row.principal_kind, id: row.principal_id },
        action: row.action,
        subjectId: row.subject_id,
        jobId: fromUuid('job', row.job_id),
        outcome: row.outcome,
        detail: row.detail,
      }));
    },
  };
}

type DetailRow = TransactionRow & { receipt: unknown; outcome: Outcome };

async function withDocument(
  row: DetailRow,
  businessId: BusinessId,
  documents: FindDocuments | undefined,
): Promise<DetailRow> {
  if (!documents) return row;
  const found = (await documents(businessId, [row])).get(row.id);
  const outcome = (found?.outcome ?? {}) as Outcome & Pick<TransactionRow, 'total'>;
  return { ...row, receipt: found?.receipt, outcome, total: outcome.total ?? null };
}

/** What holds for every list: the business, the time, and where the page before ended. */
function conditions(businessId: BusinessId, table: string, page: Page) {
  const values: unknown[] = [toUuid(businessId)];
  const parts = [`${table}.business_id = $1`];
  const add = (condition: string, value: unknown) => {
    values.push(value);
    parts.push(condition.replace('?', `$${values.length}`));
  };
  if (page.after !== undefined) add(`${table}.id < ?`, toUuid(page.after as Id<IdKind>));
  if (page.from !== undefined) add(`${table}.id >= ?`, firstUuidAt(page.from));
  if (page.to !== undefined) add(`${table}.id < ?`, firstUuidAt(page.to));
  return { values, add, text: () => parts.join(' AND ') };
}

/** The smallest UUIDv7 of a millisecond (RFC 9562 §5.7). */
function firstUuidAt(at: Instant): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}

function presentSummary(row: TransactionRow) {
  return {
    id: fromUuid('txn', row.id),
    kind: row.kind,
    status: row.status,
    integration: row.integration,
    externalId: row.external_id,
    storeId: row.store_id && fromUuid('sto', row.store_id),
    customerId: row.customer_id && fromUuid('cus', row.customer_id),
    originalId: row.original_id && fromUuid('txn', row.original_id),
    occurredAt: new Date(row.occurred_at).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    recordedAt: new Date(row.recorded_at).toISOString(),
    businessDate: row.business_date,
    total: row.total,
  };
}

interface Explained {
  cardId?: string;
  programId?: string;
  explanation?: readonly ExplanationStep[];
}

/** Sales explain each card, the rest themselves. */
type Outcome = Explained & { cards?: readonly Explained[]; notes?: readonly string[] };

const NOTES: Readonly<Record<string, string>> = {
  'unknown-staff': 'The till named somebody who is not on the staff.',
  'no-customer': 'Nobody was named, so nobody earned.',
  'card-closed': 'The card was closed for good when its customer was erased.',
  'customer-not-enrolled': 'The customer has no card here, and none is opened without being asked.',
  'no-program-at-store': 'No program takes part at this store.',
  'program-paused': 'A program was paused at that time and gave nothing.',
  'occurred-too-long-ago': 'The sale is older than the business takes without a look.',
};

function explain(outcome: Outcome, names: ReadonlyMap<string, string>) {
  const explained = (outcome.cards ?? [outcome]).filter((part) => part.explanation);
  const notes = (outcome.notes ?? []).map((note) => ({ code: note, text: NOTES[note] ?? note }));
  const entries = explained.map(({ cardId, programId, explanation }) => ({
    cardId: cardId ?? null,
    programId: programId ?? null,
    programName: (programId && names.get(programId)) ?? null,
    steps: [...(explanation ?? [])].map(({ code, text }) => ({ code: code as string, text })),
  }));
  const nobody = { cardId: null, programId: null, programName: null };
  return notes.length > 0 ? [...entries, { ...nobody, steps: notes }] : entries;
}

async function programNames(pool: Pool, businessId: BusinessId) {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id, name FROM loyalty.programs WHERE business_id = $1',
    [toUuid(businessId)],
  );
  return new Map(rows.map((row): [string, string] => [fromUuid('prg', row.id), row.name]));
}
