import { withoutTexts, writtenTexts } from '../../domain/customers/erase.ts';
import type { Erasure } from '../../domain/customers/erasure.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { toReward } from './reward-books.ts';
import { findOpenRewards, type RewardRow } from './statements/find-rewards.ts';
import * as sql from './statements/erasure.ts';

/** Documents about somebody, each with what it is found again by. */
interface Written {
  transactions: sql.EntryRow[];
  audit: sql.AuditRow[];
  approvals: sql.ApprovalRow[];
  jobs: sql.JobRow[];
}

/** Forgetting, bound to one transaction's connection. */
export function createErasure(client: Queryable): Erasure {
  return {
    async findAll(businessId, id) {
      const values = [toUuid(businessId), toUuid(id)];
      const { rows } = await client.query<{ id: string }>({ ...sql.findAll, values });
      return rows.map((row) => fromUuid('cus', row.id));
    },
    async findOpenRewards(businessId, cardIds) {
      const values = [toUuid(businessId), cardIds.map(toUuid)];
      const { rows } = await client.query<RewardRow>({ ...findOpenRewards, values });
      return rows.map(toReward);
    },
    async closeCards(businessId, customers) {
      const values = [toUuid(businessId), customers.map(toUuid)];
      await client.query({ ...sql.closeCards, values });
    },
    async forget(businessId, { id, customers, at }) {
      const whose = [toUuid(businessId), customers.map(toUuid)];
      await client.query({ ...sql.eraseCustomers, values: [...whose, new Date(at)] });
      for (const statement of sql.forgetWhatIsOnlyPersonal) {
        await client.query({ ...statement, values: whose });
      }
      const written = await findWritten(client, businessId, customers);
      await rewrite(client, toUuid(businessId), { id, customers, written });
    },
  };
}

/** What people wrote about somebody: it hangs on the customers, their cards, or a refunded sale. */
async function findWritten(
  client: Queryable,
  businessId: Parameters<Erasure['forget']>[0],
  customers: Parameters<Erasure['forget']>[1]['customers'],
): Promise<Written> {
  const business = toUuid(businessId);
  const whose = [business, customers.map(toUuid)];
  const cards = await client.query<{ id: string }>({ ...sql.findCards, values: whose });
  const { rows: transactions } = await client.query<sql.EntryRow>({
    ...sql.findWrittenEntries,
    values: whose,
  });
  const subjects = [
    ...customers,
    ...cards.rows.map((card) => fromUuid('crd', card.id)),
    ...transactions.flatMap((t) => (t.original_id ? [fromUuid('txn', t.original_id)] : [])),
  ];
  const about = [business, subjects];
  const approvals = await client.query<sql.ApprovalRow>({ ...sql.findApprovals, values: about });
  const ofApprovals = approvals.rows.map((approval) => fromUuid('apr', approval.id));
  const { rows: audit } = await client.query<sql.AuditRow>({
    ...sql.findAudit,
    values: [business, [...subjects, ...ofApprovals]],
  });
  const jobIds = [...audit, ...approvals.rows].map((row) => row.job_id);
  const jobs = await client.query<sql.JobRow>({ ...sql.findJobs, values: [business, jobIds] });
  return { transactions, audit, approvals: approvals.rows, jobs: jobs.rows };
}

async function rewrite(
  client: Queryable,
  business: string,
  of: { id: string; customers: readonly string[]; written: Written },
): Promise<void> {
  const { transactions, audit, approvals, jobs } = of.written;
  const texts = [transactions, audit, approvals, jobs].flatMap(writtenTexts);
  const clean = (rows: readonly object[]) =>
    JSON.stringify(rows.map((row) => withoutTexts(row, texts)));
  const ids = [of.id, of.customers];
  await client.query({ ...sql.rewriteEntries, values: [business, clean(transactions)] });
  await client.query({ ...sql.rewriteAudit, values: [business, clean(audit), ...ids] });
  await client.query({ ...sql.rewriteApprovals, values: [business, clean(approvals)] });
  await client.query({ ...sql.rewriteJobs, values: [business, clean(jobs)] });
}
