import type { BookEntry, CardChange } from '../../domain/ledger/book-entry.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import type { NewLot } from '../../domain/ledger/lots.ts';
import type { IssuedReward } from '../../domain/rewards/mint.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import type { WaitingRefund } from '../../domain/refunds/refund-books.ts';
import type { PurchaseTransaction } from '../../domain/earning/purchase-store.ts';
import { createApprovals } from './approvals.ts';
import { createExceptionBooks } from './exception-books.ts';
import { toUuid } from './ids.ts';
import { type EventsOf, traceEntries } from './event-traces.ts';
import { writeFedOffers } from './offers.ts';
import { noteNewcomers } from './load-sightings.ts';
import { LostRaceError, type Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { touch } from './touched.ts';
import { toWaitingRefund } from './refund-books.ts';
import { recordEntries } from './statements/record-entries.ts';
import type { WaitingRefundRow } from './statements/waiting-refunds.ts';
import * as sql from './statements/write-entries.ts';
import { writePerks } from './write-perks.ts';

/**
 * Writes entries of the books and the jobs that ended with them, each statement with all its rows.
 * They are sent together: one that fails makes those behind it fail, and the transaction with them.
 * @throws Error when a reward was changed by somebody else since it was read
 */
export async function writeEntries(
  client: Queryable,
  changes: { entries: readonly BookEntry[]; jobs: readonly FinishedJob[] },
): Promise<void> {
  await Promise.all([
    ...entryWrites(client, changes.entries, traceEntries(changes.jobs)),
    runStatement(client, sql.insertJobs, changes.jobs.map(jobRow)),
  ]);
}

/** Writes sales and their jobs. @returns refunds that waited for these sales, now held */
export async function writeSales(
  client: Queryable,
  changes: Parameters<PurchaseTransaction['write']>[0],
): Promise<WaitingRefund[]> {
  const { entries, jobs, held = [], flagged = [], newcomers = [] } = changes;
  const sales = new Map(
    entries.filter((entry) => entry.kind === 'purchase').map((entry) => [entry.id, entry]),
  );
  const rows = jobs.map((job) => {
    const sale = job.transactionId === null ? undefined : sales.get(job.transactionId);
    if (!sale) return jobRow(job);
    return { ...jobRow(job), integration: sale.integration, external_id: sale.externalId };
  });
  const approvals = createApprovals(client);
  const exceptions = createExceptionBooks(client);
  const written = [
    ...entryWrites(client, entries, traceEntries(jobs)),
    noteNewcomers(client, newcomers),
    ...held.map((approval) => approvals.request(approval)),
    ...flagged.map((exception) => exceptions.raise(exception)),
  ];
  const [waiting] = await Promise.all([
    runStatement<WaitingRefundRow>(client, sql.insertSaleJobs, rows),
    ...written,
  ]);
  return waiting.map(toWaitingRefund);
}

/** Sends all that entries write, in the order in which it must be carried out. */
function entryWrites(
  client: Queryable,
  entries: readonly BookEntry[],
  eventsOf: EventsOf,
): Promise<unknown>[] {
  for (const { businessId, cards } of entries) {
    touch(client, businessId, cards);
  }
  const cards = finalCards(entries);
  const lots = finalLots(entries);
  return [
    runStatement(client, sql.insertCustomers, entries.flatMap(customerRow)),
    openCards(client, cards.opened),
    runStatement(client, sql.updateCards, cards.changed),
    runStatement(
      client,
      recordEntries,
      entries.map((entry) => entryRow(entry, lots.created.get(entry) ?? [], eventsOf(entry))),
    ),
    runStatement(client, sql.drawLots, lots.drawn),
    writeFedOffers(client, entries.flatMap(offersOf)),
    changeRewards(client, entries.flatMap(rewardChangeRows)),
    writePerks(client, entries),
  ];
}

async function changeRewards(client: Queryable, rows: readonly object[]): Promise<void> {
  const changed = await runStatement(client, sql.changeRewards, rows);
  if (changed.length !== rows.length) throw new Error('a reward was changed meanwhile');
}

/** @throws LostRaceError when a card's customer was merged or erased since they were read */
export async function openCards(client: Queryable, cards: readonly object[]): Promise<void> {
  const opened = await runStatement(client, sql.insertCards, cards);
  if (opened.length !== cards.length) throw new LostRaceError('a customer was merged meanwhile');
}

/** Writes jobs that reached a terminal state without changing the books. */
export async function writeJobs(client: Queryable, jobs: readonly FinishedJob[]): Promise<void> {
  await runStatement(client, sql.insertJobs, jobs.map(jobRow));
}

function offersOf({ businessId, offers }: BookEntry) {
  return (offers ?? []).map((offer) => ({ ...offer, businessId }));
}

function customerRow({ businessId, newCustomer }: BookEntry) {
  if (!newCustomer) return [];
  const { id, contact } = newCustomer;
  return [
    {
      business_id: toUuid(businessId),
      id: toUuid(id),
      phone: contact?.kind === 'phone' ? contact.value : null,
      email: contact?.kind === 'email' ? contact.value : null,
    },
  ];
}

/** Several entries of a batch may touch one card: it is written once, as the last one left it. */
function finalCards(entries: readonly BookEntry[]) {
  const opened = new Map<string, object>();
  const changed = new Map<string, object>();
  for (const entry of entries) {
    for (const change of entry.cards) {
      const { card, isNewCard } = change;
      const row = cardRow(entry.businessId, card);
      if (isNewCard || opened.has(card.id)) opened.set(card.id, row);
      else if (isTouched(change)) changed.set(card.id, row);
    }
  }
  return { opened: [...opened.values()], changed: [...changed.values()] };
}

function isTouched({ postings, rewards, rewardChanges, perks }: CardChange): boolean {
  const isMoved = postings.length > 0 || rewards.length > 0 || rewardChanges.length > 0;
  return isMoved || Boolean(perks?.tierChange);
}

/** A card as it is written. */
export function cardRow(businessId: BusinessId, card: Card) {
  return {
    business_id: toUuid(businessId),
    id: toUuid(card.id),
    program_id: toUuid(card.programId),
    customer_id: toUuid(card.customerId),
    code: card.code,
    balance: card.balance,
    debt: card.debt,
    sequence: card.sequence,
    version_number: card.versionNumber,
    active_until: card.activeUntil === null ? null : toIso(card.activeUntil),
  };
}

interface LotRow {
  id: string;
  card_id: string;
  earned_at: string;
  expires_at: string | null;
  lapses: boolean;
  amount: number;
  remaining: number;
}

/** A lot made by one entry of the batch may be drawn on by the next. */
function finalLots(entries: readonly BookEntry[]) {
  const created = new Map<BookEntry, LotRow[]>();
  const fresh = new Map<string, LotRow>();
  const drawn = new Map<string, { business_id: string; id: string; amount: number }>();
  for (const entry of entries) {
    const business_id = toUuid(entry.businessId);
    const rows: LotRow[] = [];
    for (const change of entry.cards) {
      for (const lot of change.newLots) {
        const row = lotRow(lot);
        fresh.set(lot.id, row);
        rows.push(row);
      }
      for (const { lotId, amount } of change.draws) {
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
    created.set(entry, rows);
  }
  return { created, drawn: [...drawn.values()] };
}

function lotRow(lot: NewLot): LotRow {
  return {
    id: toUuid(lot.id),
    card_id: toUuid(lot.cardId),
    earned_at: toIso(lot.earnedAt),
    expires_at: lot.expiresAt === null || lot.lapses ? null : toIso(lot.expiresAt),
    lapses: lot.lapses ?? false,
    amount: lot.amount,
    remaining: lot.remaining,
  };
}

function entryRow(entry: BookEntry, lots: readonly LotRow[], events: readonly unknown[]) {
  return {
    business_id: toUuid(entry.businessId),
    id: toUuid(entry.id),
    kind: entry.kind,
    integration: entry.integration,
    external_id: entry.externalId,
    request_hash: entry.requestHash,
    store_id: entry.storeId && toUuid(entry.storeId),
    customer_id: entry.customerId && toUuid(entry.customerId),
    status: entry.status,
    occurred_at: toIso(entry.occurredAt),
    received_at: toIso(entry.receivedAt),
    business_date: entry.businessDate,
    original_id: entry.originalId && toUuid(entry.originalId),
    claim_code: entry.claimCode,
    receipt: entry.receipt,
    judgement: entry.judgement,
    outcome: entry.outcome,
    postings: postingRows(entry.cards),
    lots,
    rewards: entry.cards.flatMap((change) => change.rewards.map(rewardRow)),
    events,
  };
}

function postingRows(changes: readonly CardChange[]) {
  let ordinal = 0;
  return changes.flatMap(({ card, postings }) =>
    postings.map((posting) => ({
      ordinal: ordinal++,
      program_id: toUuid(card.programId),
      card_id: toUuid(posting.cardId),
      from_account: posting.from,
      to_account: posting.to,
      amount: posting.amount,
      draws: posting.draws.length > 0 ? posting.draws : null,
      reward_id: posting.rewardId && toUuid(posting.rewardId),
    })),
  );
}

function rewardChangeRows(entry: BookEntry) {
  return entry.cards.flatMap((change) =>
    change.rewardChanges.map(
      ({ id, version, status, funding, expiresAt, reservation, redemption }) => ({
        business_id: toUuid(entry.businessId),
        id: toUuid(id),
        version,
        status,
        funding,
        expires_at: expiresAt === null ? null : toIso(expiresAt),
        ...(reservation && {
          reserved_by: reservation.by,
          reserved_store_id: reservation.storeId && toUuid(reservation.storeId),
          reserved_until: toIso(reservation.until),
        }),
        ...(redemption && {
          redeemed_by: redemption.by,
          redeemed_store_id: redemption.storeId && toUuid(redemption.storeId),
          redeemed_at: toIso(redemption.at),
          redeemed_in: toUuid(redemption.transactionId),
        }),
      }),
    ),
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
    funding: reward.funding,
    expires_at: reward.expiresAt === null ? null : toIso(reward.expiresAt),
    store_ids: reward.storeIds?.map(toUuid),
    coupon_code: reward.couponCode,
    replaces: reward.replaces && toUuid(reward.replaces),
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
    result: job.result,
    received_at: toIso(job.receivedAt),
  };
}
