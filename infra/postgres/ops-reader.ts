import type { Pool } from 'pg';
import type { BusinessId, CustomerId, Id, IdKind, JobId } from '../../domain/values/ids.ts';
import { jobIdFor } from '../../queues/job-id.ts';
import { commands } from '../../queues/registry.ts';
import {
  type BookedJob,
  isId,
  jobOfTransaction,
  type JobRow,
  type Party,
  toBookedJob,
  type TransactionRow,
  type Wanted,
  withTransactions,
} from './booked-jobs.ts';
import { fromUuid, toUuid } from './ids.ts';
import { listOperations } from './operation-log.ts';
import { measureOutbox } from './outbox-measure.ts';
import { inBusinesses } from './tenant.ts';
import { findTroubledEndpoints } from './webhook-trouble.ts';

/** Businesses that are named at once. */
const PAGE = 1_000;
/** What is shown of each kind. */
const MOST = 50;
/** So many that every job they could mean can be asked for; of more, one must be named. */
const FEW = 50;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Commands that a till's own id names. */
const KEYED = Object.values(commands).flatMap((command) =>
  command.defaultKey ? command.name : [],
);

/** Each probes an index once a business: `$1` businesses, `$2` what is looked for. */
const eachBusiness = (found: string) =>
  `SELECT f.* FROM unnest($1::uuid[]) AS b (id) CROSS JOIN LATERAL (${found}) f LIMIT ${MOST}`;

const customersBy = {
  text: eachBusiness(`
    SELECT c.business_id, c.id FROM customer.customers c
     WHERE c.business_id = b.id AND c.phone = $2
    UNION SELECT c.business_id, c.id FROM customer.customers c
     WHERE c.business_id = b.id AND c.email = lower($2)
    UNION SELECT x.business_id, x.customer_id FROM customer.external_ids x
     WHERE x.business_id = b.id AND x.value = $2
    UNION SELECT k.business_id, k.customer_id FROM loyalty.cards k
     WHERE k.business_id = b.id AND k.code = $2`),
  crd: eachBusiness(`
    SELECT k.business_id, k.customer_id AS id FROM loyalty.cards k
     WHERE k.business_id = b.id AND k.id = $2::uuid`),
  cus: eachBusiness(`
    SELECT c.business_id, c.id FROM customer.customers c
     WHERE c.business_id = b.id AND c.id = $2::uuid`),
} as const;

const transaction = `t.business_id, t.id, t.kind, t.integration, t.external_id, t.received_at, t.recorded_at`;
const transactionsBy = {
  customer: eachBusiness(`
    SELECT ${transaction} FROM loyalty.transactions t
     WHERE t.business_id = b.id AND t.customer_id = $2::uuid
     ORDER BY t.occurred_at DESC LIMIT ${MOST}`),
  externalId: eachBusiness(`
    SELECT ${transaction} FROM loyalty.transactions t
     WHERE t.business_id = b.id AND t.external_id = $2`),
  id: eachBusiness(`
    SELECT ${transaction} FROM loyalty.transactions t
     WHERE t.business_id = b.id AND t.id = $2::uuid`),
} as const;

const jobsById = `
  SELECT j.business_id, j.id, j.type, j.status, j.transaction_id, j.problem ->> 'code' AS code,
         j.received_at, j.finished_at
    FROM unnest($1::uuid[], $2::uuid[]) AS w (business_id, id)
    JOIN loyalty.jobs j ON j.business_id = w.business_id AND j.id = w.id`;

/**
 * What the operators' pages ask of the books, over all businesses: they are named one after the other, as
 * anybody's would be (see tenant.ts). Everything is found by indexes that are there for the API. A job is
 * not kept under what it was about; but its id follows from its sale's external id, and the audit log knows
 * those of everything else.
 */
export function createOpsReader(pool: Pool) {
  const query = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await pool.query<Row>(text, [...values])).rows;

  async function allBusinesses(): Promise<BusinessId[]> {
    const all: BusinessId[] = [];
    for (let after: string | undefined = FIRST_ID; after !== undefined;) {
      const rows: { id: string }[] = await query(
        'SELECT id FROM app.list_businesses($1, $2) AS id',
        [after, PAGE],
      );
      all.push(...rows.map(({ id }) => fromUuid('biz', id)));
      after = rows.length === PAGE ? rows.at(-1)?.id : undefined;
    }
    return all;
  }

  /** Does work for so many businesses at a time as a statement can name. */
  async function inPages<Row>(
    businesses: readonly BusinessId[],
    work: (uuids: readonly string[]) => Promise<Row[]>,
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for (let start = 0; start < businesses.length; start += PAGE) {
      const page = businesses.slice(start, start + PAGE);
      rows.push(...(await inBusinesses(page, () => work(page.map(toUuid)))));
    }
    return rows;
  }

  const namesOf = async (businesses: readonly BusinessId[]) => {
    const rows = await inPages(businesses, (uuids) =>
      query<{ id: string; name: string }>(
        'SELECT id, name FROM business.businesses WHERE id = ANY($1) ORDER BY name',
        [uuids],
      ),
    );
    return new Map(rows.map(({ id, name }) => [fromUuid('biz', id), name]));
  };

  async function jobsOf(wanted: readonly Wanted[]): Promise<BookedJob[]> {
    const rows = await inPages(
      [...new Set(wanted.map(({ businessId }) => businessId))],
      (uuids) => {
        const here = wanted.filter(({ businessId }) => uuids.includes(toUuid(businessId)));
        const values = [
          here.map((job) => toUuid(job.businessId)),
          here.map((job) => toUuid(job.id)),
        ];
        return query<JobRow>(jobsById, values);
      },
    );
    return rows.map(toBookedJob);
  }

  return {
    namesOf,

    async findBusinesses(text: string) {
      const names = await namesOf(await allBusinesses());
      const wanted = text.trim().toLowerCase();
      return [...names]
        .filter(([id, name]) => id === wanted || name.toLowerCase().includes(wanted))
        .map(([id, name]) => ({ id, name }));
    },

    async search(text: string, businesses: readonly BusinessId[]) {
      const parties = await findParties(text, businesses);
      const customers = parties.map((row) => ({
        businessId: fromUuid('biz', row.business_id),
        id: fromUuid('cus', row.id),
      }));
      const cards = await findCards(customers);
      const transactions = await findTransactions(text, businesses, customers);
      const needles = [text, ...customers.map(({ id }) => id), ...cards];
      const wanted = [
        ...(await auditedJobs(needles, businesses)),
        ...transactions.flatMap(jobOfTransaction),
        ...(await possibleJobs(text, businesses)),
      ];
      const jobs = await jobsOf(wanted);
      return {
        customers,
        needles,
        jobIds: wanted.map(({ id }) => id),
        jobs: withTransactions(jobs, transactions),
      };
    },

    async findJob(id: JobId, businesses: readonly BusinessId[]) {
      const [job] = await jobsOf(businesses.map((businessId) => ({ businessId, id })));
      return job;
    },

    findTroubledEndpoints: async () =>
      inPages(await allBusinesses(), (uuids) =>
        findTroubledEndpoints(
          pool,
          uuids.map((uuid) => fromUuid('biz', uuid)),
        ),
      ),

    listOperations: (limit: number) => listOperations(pool, limit),
    measureOutbox: () => measureOutbox(pool),
  };

  function findParties(text: string, businesses: readonly BusinessId[]): Promise<Party[]> {
    const by = isId('crd', text) ? 'crd' : isId('cus', text) ? 'cus' : 'text';
    const value = by === 'text' ? text : toUuid(text as Id<IdKind>);
    return inPages(businesses, (uuids) => query<Party>(customersBy[by], [uuids, value]));
  }

  async function findCards(customers: readonly { businessId: BusinessId; id: CustomerId }[]) {
    const rows = await inPages([...new Set(customers.map((one) => one.businessId))], () =>
      query<{ id: string; code: string }>(
        `SELECT id, code FROM loyalty.cards WHERE business_id = ANY($1) AND customer_id = ANY($2)`,
        [customers.map((one) => toUuid(one.businessId)), customers.map((one) => toUuid(one.id))],
      ),
    );
    return rows.flatMap(({ id, code }) => [fromUuid('crd', id), code]);
  }

  async function findTransactions(
    text: string,
    businesses: readonly BusinessId[],
    customers: readonly { businessId: BusinessId; id: CustomerId }[],
  ): Promise<TransactionRow[]> {
    const find = (by: keyof typeof transactionsBy, where: readonly BusinessId[], value: string) =>
      inPages(where, (uuids) => query<TransactionRow>(transactionsBy[by], [uuids, value]));
    const [own, ofCustomers] = await Promise.all([
      isId('txn', text)
        ? find('id', businesses, toUuid(text as Id<IdKind>))
        : find('externalId', businesses, text),
      Promise.all(customers.map((one) => find('customer', [one.businessId], toUuid(one.id)))),
    ]);
    return [...own, ...ofCustomers.flat()];
  }

  async function auditedJobs(
    subjects: readonly string[],
    businesses: readonly BusinessId[],
  ): Promise<Wanted[]> {
    const rows = await inPages(businesses, (uuids) =>
      query<Party>(
        `SELECT a.business_id, a.job_id AS id
           FROM unnest($1::uuid[]) AS b (id) CROSS JOIN unnest($2::text[]) AS s (subject)
          CROSS JOIN LATERAL (SELECT l.business_id, l.job_id FROM business.audit_log l
                               WHERE l.business_id = b.id AND l.subject_id = s.subject
                               ORDER BY l.id DESC LIMIT ${MOST}) a`,
        [uuids, subjects],
      ),
    );
    return rows.map((row) => ({
      businessId: fromUuid('biz', row.business_id),
      id: fromUuid('job', row.id),
    }));
  }

  /** The jobs that a till's commands with this external id, or this key, would be. */
  async function possibleJobs(text: string, businesses: readonly BusinessId[]): Promise<Wanted[]> {
    if (isId('job', text)) return businesses.map((businessId) => ({ businessId, id: text }));
    if (businesses.length > FEW) return [];
    const senders = await inPages(businesses, (uuids) =>
      query<{ business_id: string; integration: string }>(
        `SELECT DISTINCT business_id, integration FROM business.api_keys WHERE business_id = ANY($1)`,
        [uuids],
      ),
    );
    return senders.flatMap(({ business_id, integration }) => {
      const businessId = fromUuid('biz', business_id);
      const principal = { kind: 'integration', id: integration } as const;
      return KEYED.flatMap((command) =>
        [`default:${text}`, `key:${text}`].map((key) => ({
          businessId,
          id: jobIdFor({ businessId, principal, command, key }),
        })),
      );
    });
  }
}
