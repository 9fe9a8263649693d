import type { Pool } from 'pg';
import { Op } from 'sequelize';
import type { PurchaseOutcome } from '../../domain/earning/outcome.ts';
import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import type { RefundOutcome } from '../../domain/refunds/outcome.ts';
import type { BusinessId, CustomerId, Id, JobId, TransactionId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { groupCommit } from '../batching/group-commit.ts';
import type { createConfigCache } from './config-cache.ts';
import type { FindDocuments } from './documents.ts';
import { findHoldings, type Holdings } from './holdings.ts';
import { fromUuid, toUuid } from './ids.ts';
import { toFinishedJob } from './jobs.ts';
import { Card, Customer, Transaction } from './models/models.ts';
import { runStatement } from './statement.ts';
import { inBusinesses } from './tenant.ts';
import { type ExceptionRow, listExceptions } from './statements/exceptions.ts';
import { findFinishedJobs, type JobRow } from './statements/find-finished-jobs.ts';

type TransactionReference = { id: TransactionId } | { integration: string; externalId: string };
type CustomerReference =
  | { phone: string }
  | { email: string }
  | { cardCode: string }
  | { cardCodeBeginning: string }
  | { customerId: CustomerId };

/** What the books say, for those who may only read. Needs the models bound (`connectOrm`). */
export function createBooks(options: {
  pool: Pool;
  loadConfigs: ReturnType<typeof createConfigCache>;
  /** Keeps close by what customers hold; absent: every read is one of the database. */
  keepHoldings?: (
    businessId: BusinessId,
    customerId: CustomerId,
    find: () => ReturnType<typeof findHoldings>,
  ) => Promise<Holdings>;
  /** Where receipts and outcomes lie; absent: in the books. */
  documents?: FindDocuments | undefined;
}) {
  const findJob = createJobFinder(options.pool);

  async function findCustomerRow(
    businessId: string,
    by: CustomerReference,
  ): Promise<Customer | null> {
    if ('customerId' in by) {
      return Customer.findOne({ where: { businessId, id: toUuid(by.customerId) } });
    }
    if ('cardCodeBeginning' in by) {
      const { cardCodeBeginning: from } = by;
      const code = { [Op.gte]: from, [Op.lt]: `${from}\u{10ffff}` };
      const cards = await Card.findAll({ where: { businessId, code }, limit: 2 });
      // Of a million cards, two that begin alike are hardly there: then neither is meant.
      if (cards.length !== 1) return null;
      return Customer.findOne({ where: { businessId, id: cards[0]?.customerId ?? '' } });
    }
    if (!('cardCode' in by)) {
      const found = await Customer.findOne({ where: { businessId, ...by } });
      if (!found?.mergedInto) return found;
      return Customer.findOne({ where: { businessId, id: found.mergedInto } });
    }
    const card = await Card.findOne({ where: { businessId, code: by.cardCode } });
    return card && Customer.findOne({ where: { businessId, id: card.customerId } });
  }

  const readHoldings = (businessId: BusinessId, customerId: CustomerId) => {
    const find = () => findHoldings({ ...options, now: Date.now() }, businessId, customerId);
    return options.keepHoldings
      ? options.keepHoldings(businessId, customerId, find)
      : find().then(({ value }) => value);
  };

  async function documentOf(
    businessId: BusinessId,
    found: Transaction,
    documents: FindDocuments | undefined,
  ) {
    if (!documents) return found;
    const row = {
      id: found.id,
      customer_id: found.customerId,
      store_id: found.storeId,
      occurred_at: found.occurredAt.getTime(),
    };
    const document = (await documents(businessId, [row])).get(found.id);
    if (!document) throw new Error(`no document of transaction ${found.id}`);
    return document;
  }

  return {
    findJob: (businessId: BusinessId, jobId: JobId) => findJob({ businessId, jobId }),

    async findSender(businessId: BusinessId, jobId: JobId) {
      const { rows } = await options.pool.query<{ kind: string; id: string }>({
        name: 'find-sender',
        text: `SELECT principal_kind AS kind, principal_id AS id FROM business.audit_log
                WHERE business_id = $1 AND job_id = $2 LIMIT 1`,
        values: [toUuid(businessId), toUuid(jobId)],
      });
      return rows[0];
    },

    async findTransaction(businessId: BusinessId, reference: TransactionReference) {
      const documents = 'id' in reference && isFresh(reference.id) ? undefined : options.documents;
      const found = await Transaction.findOne({
        where: {
          businessId: toUuid(businessId),
          kind: 'purchase',
          ...('id' in reference ? { id: toUuid(reference.id) } : reference),
        },
        ...(documents && { attributes: { exclude: ['receipt', 'outcome'] } }),
      });
      if (!found) return undefined;
      const { receipt, outcome } = await documentOf(businessId, found, documents);
      const refunds = await Transaction.findAll({
        where: { businessId: found.businessId, originalId: found.id, kind: 'refund' },
        order: [['id', 'ASC']],
      });
      return {
        outcome: outcome as PurchaseOutcome,
        receipt,
        refunds: refunds.map((refund) => refund.outcome as RefundOutcome),
        receivedAt: found.receivedAt.toISOString(),
        recordedAt: found.recordedAt.toISOString(),
      };
    },

    async listExceptions(
      businessId: BusinessId,
      page: {
        status: 'open' | 'settled' | 'all';
        kind: string | undefined;
        limit: number;
        before: string | undefined;
      },
    ) {
      const { status, kind = null, limit: size, before } = page;
      const rows = await runStatement<ExceptionRow>(options.pool, listExceptions, [
        {
          business_id: toUuid(businessId),
          status,
          kind,
          before: before === undefined ? null : toUuid(before as Id<'exc'>),
          size,
        },
      ]);
      return rows.map(toExceptionView);
    },

    async findCustomer(business: BusinessId, by: CustomerReference) {
      const businessId = toUuid(business);
      const customer = await findCustomerRow(businessId, by);
      if (!customer || customer.erasedAt) return undefined;
      const id = fromUuid('cus', customer.id);
      return { id, name: customer.name, ...(await readHoldings(business, id)) };
    },

    findHoldings: readHoldings,
  };
}

/** The log would hardly have it yet, and the one who asks has often just posted it. */
const FRESH_MS = 10_000;

/** Whether an id was made a moment ago, as its UUIDv7 says. */
function isFresh(id: TransactionId): boolean {
  const madeAt = Number.parseInt(toUuid(id).replaceAll('-', '').slice(0, 12), 16);
  return Math.abs(Date.now() - madeAt) < FRESH_MS;
}

function toExceptionView(row: ExceptionRow) {
  return {
    id: fromUuid('exc', row.id),
    kind: row.kind,
    jobId: fromUuid('job', row.job_id),
    raisedAt: new Date(row.raised_at).toISOString(),
    detail: row.detail as Record<string, unknown>,
    settledAt: row.settled_at === null ? null : new Date(row.settled_at).toISOString(),
    settledBy: row.settled_by,
    note: row.note,
  };
}

interface JobKey {
  businessId: BusinessId;
  jobId: JobId;
}

/** Look-ups that come together become one statement. */
function createJobFinder(pool: Pool) {
  type Found = (FinishedJob & { finishedAt: Instant }) | undefined;
  return groupCommit<JobKey, Found>(
    async (keys) => {
      const wanted = keys.map((key) => ({
        business_id: toUuid(key.businessId),
        id: toUuid(key.jobId),
      }));
      // Of several callers at once, each of whom asks for what is their own.
      const businesses = keys.map((key) => key.businessId);
      const rows = await inBusinesses(businesses, () =>
        runStatement<JobRow>(pool, findFinishedJobs, wanted),
      );
      const byId = new Map(rows.map(toFinishedJob).map((job) => [job.id, job]));
      return keys.map((key) => byId.get(key.jobId));
    },
    { maxItems: 200 },
  );
}
