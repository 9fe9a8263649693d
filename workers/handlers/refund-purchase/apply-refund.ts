import { type BookEntry, requireBalance } from '../../../domain/ledger/book-entry.ts';
import {
  changeOfRefund,
  decideRefund,
  type RecordedRefund,
  type RefundableSale,
} from '../../../domain/refunds/decide-refund.ts';
import { presentRefund } from '../../../domain/refunds/outcome.ts';
import type { SaleReference } from '../../../domain/refunds/refund-books.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import { type RestoredUse, restoreUsed } from '../../../domain/refunds/restore-used.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { businessDate } from '../../../domain/values/time.ts';
import type { RefundPurchasePayload } from '../../../queues/commands/refund-purchase.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { WorkOutcome } from '../command.ts';
import { offerEvents } from '../offer-entries.ts';
import { refundEvents } from './events.ts';
import type { RefundTransaction } from './refund-transaction.ts';
import { judgeOffers, takeBackAwards } from './offers-after.ts';
import { pointsBackEntry, restoredEntry } from './give-back.ts';
import { holdSale } from './hold-sale.ts';

export type RefundMessage = Envelope<RefundPurchasePayload>;

/**
 * Loads, decides and writes one refund. Outcomes: `completed`; `waiting` while the till's sale is not
 * there; `declined` as `external-id-reused`, `sale-not-found` (by our own id: we would know it), or a
 * refusal of domain/refunds/decide-refund.ts.
 */
export async function applyRefund(
  transaction: RefundTransaction,
  message: RefundMessage,
  ids: IdSource,
): Promise<WorkOutcome> {
  const { refunds } = transaction;
  const { businessId, payload } = message;
  const recorded = await refunds.findRecorded(businessId, {
    integration: message.principal.id,
    externalId: payload.externalId,
  });
  if (recorded) {
    if (recorded.requestHash !== message.requestHash) return declined('external-id-reused');
    const { transactionId, outcome } = recorded;
    return { status: 'completed', transactionId, result: { refund: outcome } };
  }
  const reference = saleReference(message);
  const sale = await refunds.findSale(businessId, reference);
  if (!sale) return 'id' in reference ? declined('sale-not-found') : { status: 'waiting' };
  return refundSale(transaction, message, sale, ids);
}

/** How a message names its sale. */
export function saleReference({ principal, payload }: RefundMessage): SaleReference {
  return 'transactionId' in payload.sale
    ? { id: payload.sale.transactionId }
    : { integration: principal.id, externalId: payload.sale.externalId };
}

async function refundSale(
  transaction: RefundTransaction,
  message: RefundMessage,
  found: RefundableSale,
  ids: IdSource,
): Promise<WorkOutcome> {
  const { books } = transaction;
  const { businessId, payload } = message;
  const config = await books.loadConfig(businessId);
  if (!config) return declined('unknown-business');
  const at = Date.parse(payload.occurredAt);
  const held = await holdSale(transaction, found, { businessId, config, at });
  const { sale, cards, used } = held;
  const request = { lines: payload.lines, amount: payload.amount, full: payload.full };
  const decision = decideRefund(
    {
      request,
      storeId: payload.storeId,
      occurredAt: at,
      receivedAt: Date.parse(message.receivedAt),
    },
    { config, ...held },
    ids,
  );
  if (decision.kind === 'refused') return { ...declined(decision.code), subjectId: sale.id };
  const all = [...held.past.map((refund) => refund.request), request];
  const { receipt } = sale;
  const { programs } = config;
  const left = { receipt, refunds: all, cards: cardsAfter(decision, cards), programs, at };
  const restored = restoreUsed(used, left, ids);
  const entry = entryOf(message, { sale, decision, restored }, ids);
  const judged = await judgeOffers(transaction, message, { sale, config, refunds: all });
  const { feedings } = judged;
  const events = [...entry.events, ...offerEvents(feedings, ids)];
  const storeId = decision.store.id;
  const refund = { id: entry.id, saleId: sale.id, message, storeId, at };
  const { pointsBack } = decision;
  await books.write([
    // First, as it was decided.
    ...(pointsBack ? [pointsBackEntry(pointsBack, refund, ids)] : []),
    { ...entry, offers: feedings, events },
    ...restored.map((use) => restoredEntry(use, refund, ids)),
  ]);
  await takeBackAwards(transaction, judged, { message, config, storeId, at }, ids);
  return {
    status: 'completed',
    transactionId: entry.id,
    result: { refund: entry.outcome },
    subjectId: sale.id,
    auditDetail: { refundId: entry.id, refunded: decision.refunded, reason: payload.reason },
  };
}

/** The cards as a refund leaves them. */
function cardsAfter(decision: RecordedRefund, cards: readonly Card[]): Card[] {
  const { pointsBack } = decision;
  const changed = new Map(pointsBack ? [[pointsBack.change.card.id, pointsBack.change.card]] : []);
  for (const { card } of decision.cards) changed.set(card.id, card);
  return cards.map((card) => changed.get(card.id) ?? card);
}

function entryOf(
  message: RefundMessage,
  refund: { sale: RefundableSale; decision: RecordedRefund; restored: readonly RestoredUse[] },
  ids: IdSource,
): BookEntry {
  const { payload } = message;
  const { sale, decision, restored } = refund;
  const id = ids.id('txn');
  const outcome = presentRefund(decision, restored, {
    id,
    externalId: payload.externalId,
    transactionId: sale.id,
    occurredAt: new Date(payload.occurredAt).toISOString(),
    reason: payload.reason ?? null,
  });
  const changes = decision.cards.flatMap((card) => changeOfRefund(card) ?? []);
  requireBalance(...changes);
  const occurredAt = Date.parse(payload.occurredAt);
  return {
    id,
    businessId: message.businessId,
    kind: 'refund',
    integration: message.principal.id,
    externalId: payload.externalId,
    requestHash: message.requestHash,
    storeId: decision.store.id,
    customerId: sale.customerId,
    status: 'recorded',
    occurredAt,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: businessDate(occurredAt, decision.store),
    originalId: sale.id,
    receipt: payload,
    judgement: decision.judgement,
    outcome,
    newCustomer: null,
    cards: changes,
    events: refundEvents(decision, { id, outcome, customerId: sale.customerId }, ids),
  };
}

function declined(code: string) {
  return { status: 'declined', code } as const;
}
