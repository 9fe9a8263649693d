import type { CardDecision } from '../../domain/earning/earn.ts';
import type { FinishedJob, PurchaseRecord } from '../../domain/earning/purchase-store.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import * as sql from './statements/write-purchases.ts';

/** Writes a batch: one statement a table, each with all its rows. */
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
  await runStatement(client, sql.insertTransactions, records.map(transactionRow));
  await runStatement(client, sql.insertPostings, records.flatMap(postingRows));
  await runStatement(client, sql.insertLots, lots.created);
  await runStatement(client, sql.drawLots, lots.drawn);
  await runStatement(client, sql.insertRewards, records.flatMap(rewardRows));
  await runStatement(client, sql.insertOutbox, records.map(outboxRow));
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

/** A lot made by one purchase of the batch may be drawn on by the next. */
function finalLots(records: readonly PurchaseRecord[]) {
  const created = new Map<string, { remaining: number }>();
  const drawn = new Map<string, { business_id: string; id: string; amount: number }>();
  for (const record of records) {
    const business_id = toUuid(record.businessId);
    for (const decision of record.decision.cards) {
      if (decision.newLot) created.set(decision.newLot.id, lotRow(record, decision));
      for (const { lotId, amount } of decision.draws) {
        const fresh = created.get(lotId);
        if (fresh) {
          fresh.remaining -= amount;
          continue;
        }
        const row = drawn.get(lotId) ?? { business_id, id: toUuid(lotId), amount: 0 };
        row.amount += amount;
        drawn.set(lotId, row);
      }
    }
  }
  return { created: [...created.values()], drawn: [...drawn.values()] };
}

function lotRow(record: PurchaseRecord, { newLot, earned }: CardDecision) {
  if (!newLot) throw new Error('a lot row needs a lot');
  return {
    business_id: toUuid(record.businessId),
    id: toUuid(newLot.id),
    card_id: toUuid(newLot.cardId),
    transaction_id: toUuid(record.id),
    earned_at: time(newLot.earnedAt),
    expires_at: newLot.expiresAt === null ? null : time(newLot.expiresAt),
    amount: earned,
    remaining: newLot.remaining,
  };
}

function transactionRow(record: PurchaseRecord) {
  const { purchase } = record.decision;
  return {
    business_id: toUuid(record.businessId),
    id: toUuid(record.id),
    integration: record.integration,
    external_id: record.externalId,
    request_hash: record.requestHash,
    store_id: toUuid(purchase.store.id),
    customer_id: record.decision.customerId && toUuid(record.decision.customerId),
    status: record.decision.status,
    occurred_at: time(purchase.occurredAt),
    received_at: time(record.receivedAt),
    business_date: purchase.businessDate,
    receipt: record.receipt,
    outcome: record.outcome,
  };
}

function postingRows(record: PurchaseRecord) {
  const { purchase } = record.decision;
  let ordinal = 0;
  return record.decision.cards.flatMap((decision) =>
    decision.postings.map((posting) => ({
      business_id: toUuid(record.businessId),
      transaction_id: toUuid(record.id),
      ordinal: ordinal++,
      program_id: toUuid(decision.program.id),
      card_id: toUuid(posting.cardId),
      from_account: posting.from,
      to_account: posting.to,
      amount: posting.amount,
      draws: posting.draws.length > 0 ? posting.draws : null,
      occurred_at: time(purchase.occurredAt),
      business_date: purchase.businessDate,
    })),
  );
}

function rewardRows(record: PurchaseRecord) {
  return record.decision.cards.flatMap((decision) =>
    decision.rewards.map((reward) => ({
      business_id: toUuid(record.businessId),
      id: toUuid(reward.id),
      card_id: toUuid(reward.cardId),
      transaction_id: toUuid(record.id),
      definition_id: toUuid(reward.definitionId),
      code: reward.code,
      name: reward.name,
      benefit: reward.benefit,
      cost: reward.cost,
      version_number: reward.versionNumber,
      issued_at: time(reward.issuedAt),
      expires_at: reward.expiresAt === null ? null : time(reward.expiresAt),
    })),
  );
}

function outboxRow(record: PurchaseRecord) {
  // One row a transaction, so the transaction's own id serves.
  return {
    id: toUuid(record.id),
    business_id: toUuid(record.businessId),
    events: record.events,
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
