import type { CardDecision } from '../../domain/earning/earn.ts';
import type { FinishedJob, PurchaseRecord } from '../../domain/earning/purchase-store.ts';
import type { Lot } from '../../domain/ledger/lots.ts';
import type { IssuedReward } from '../../domain/rewards/mint.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { recordPurchases } from './statements/record-purchases.ts';
import * as sql from './statements/write-purchases.ts';

/** Writes a batch, each statement with all its rows. */
export async function writePurchases(
  client: Queryable,
  changes: { records: readonly PurchaseRecord[]; jobs: readonly FinishedJob[] },
): Promise<void> {
  const { records } = changes;
  const cards = finalCards(records);
  const lots = finalLots(records);
  await runStatement(client, sql.insertCustomers, records.flatMap(customerRow));
  await runStatement(client, sql.insertCards, cards.opened);
  await runStatement(client, sql.updateCards, cards.changed);
  await runStatement(
    client,
    recordPurchases,
    records.map((record) => purchaseRow(record, lots.created.get(record) ?? [])),
  );
  await runStatement(client, sql.drawLots, lots.drawn);
  await runStatement(client, sql.insertJobs, changes.jobs.map(jobRow));
}

/** Writes jobs that reached a terminal state without changing the books. */
export async function writeJobs(client: Queryable, jobs: readonly FinishedJob[]): Promise<void> {
  await runStatement(client, sql.insertJobs, jobs.map(jobRow));
}

const time = (instant: number) => new Date(instant).toISOString();

function customerRow(record: PurchaseRecord) {
  const { decision, newContact } = record;
  if (!decision.isNewCustomer || !decision.customerId) return [];
  return [
    {
      business_id: toUuid(record.businessId),
      id: toUuid(decision.customerId),
      phone: newContact?.kind === 'phone' ? newContact.value : null,
      email: newContact?.kind === 'email' ? newContact.value : null,
    },
  ];
}

/** Several purchases of a batch may touch one card: it is written once, as the last one left it. */
function finalCards(records: readonly PurchaseRecord[]) {
  const opened = new Map<string, object>();
  const changed = new Map<string, object>();
  for (const record of records) {
    for (const { card, isNewCard, postings } of record.decision.cards) {
      const row = {
        business_id: toUuid(record.businessId),
        id: toUuid(card.id),
        program_id: toUuid(card.programId),
        customer_id: toUuid(card.customerId),
        code: card.code,
        balance: card.balance,
        sequence: card.sequence,
        version_number: card.versionNumber,
      };
      if (isNewCard || opened.has(card.id)) opened.set(card.id, row);
      else if (postings.length > 0) changed.set(card.id, row);
    }
  }
  return { opened: [...opened.values()], changed: [...changed.values()] };
}

interface LotRow {
  id: string;
  card_id: string;
  expires_at: string | null;
  amount: number;
  remaining: number;
}

/** A lot made by one purchase of the batch may be drawn on by the next. */
function finalLots(records: readonly PurchaseRecord[]) {
  const created = new Map<PurchaseRecord, LotRow[]>();
  const fresh = new Map<string, LotRow>();
  const drawn = new Map<string, { business_id: string; id: string; amount: number }>();
  for (const record of records) {
    const business_id = toUuid(record.businessId);
    const rows: LotRow[] = [];
    for (const decision of record.decision.cards) {
      if (decision.newLot) {
        const row = lotRow(decision.newLot, decision.earned);
        fresh.set(decision.newLot.id, row);
        rows.push(row);
      }
      for (const { lotId, amount } of decision.draws) {
        const ours = fresh.get(lotId);
        if (ours) {
          ours.remaining -= amount;
          continue;
        }
        const row = drawn.get(lotId) ?? { business_id, id: toUuid(lotId), amount: 0 };
        row.amount += amount;
        drawn.set(lotId, row);
      }
    }
    created.set(record, rows);
  }
  return { created, drawn: [...drawn.values()] };
}

function lotRow(lot: Lot, amount: number): LotRow {
  return {
    id: toUuid(lot.id),
    card_id: toUuid(lot.cardId),
    expires_at: lot.expiresAt === null ? null : time(lot.expiresAt),
    amount,
    remaining: lot.remaining,
  };
}

function purchaseRow(record: PurchaseRecord, lots: readonly LotRow[]) {
  const { purchase, customerId, status } = record.decision;
  return {
    business_id: toUuid(record.businessId),
    id: toUuid(record.id),
    integration: record.integration,
    external_id: record.externalId,
    request_hash: record.requestHash,
    store_id: toUuid(purchase.store.id),
    customer_id: customerId && toUuid(customerId),
    status,
    occurred_at: time(purchase.occurredAt),
    received_at: time(record.receivedAt),
    business_date: purchase.businessDate,
    receipt: record.receipt,
    outcome: record.outcome,
    postings: postingRows(record.decision.cards),
    lots,
    rewards: record.decision.cards.flatMap((decision) => decision.rewards.map(rewardRow)),
    events: record.events,
  };
}

function postingRows(decisions: readonly CardDecision[]) {
  let ordinal = 0;
  return decisions.flatMap((decision) =>
    decision.postings.map((posting) => ({
      ordinal: ordinal++,
      program_id: toUuid(decision.program.id),
      card_id: toUuid(posting.cardId),
      from_account: posting.from,
      to_account: posting.to,
      amount: posting.amount,
      draws: posting.draws.length > 0 ? posting.draws : null,
    })),
  );
}

function rewardRow(reward: IssuedReward) {
  return {
    id: toUuid(reward.id),
    card_id: toUuid(reward.cardId),
    definition_id: toUuid(reward.definitionId),
    code: reward.code,
    name: reward.name,
    benefit: reward.benefit,
    cost: reward.cost,
    version_number: reward.versionNumber,
    expires_at: reward.expiresAt === null ? null : time(reward.expiresAt),
  };
}

function jobRow(job: FinishedJob) {
  return {
    business_id: toUuid(job.businessId),
    id: toUuid(job.id),
    type: job.type,
    request_hash: job.requestHash,
    status: job.status,
    transaction_id: job.transactionId && toUuid(job.transactionId),
    problem: job.problem,
    received_at: time(job.receivedAt),
  };
}
