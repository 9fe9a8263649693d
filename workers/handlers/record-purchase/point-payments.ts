import { step } from '../../../domain/earning/explanation.ts';
import { type PointPayment, presentSpending } from '../../../domain/earning/pay-with-points.ts';
import type { Purchase } from '../../../domain/earning/purchase.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
import type { IdSource, TransactionId } from '../../../domain/values/ids.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import { balanceChanged } from '../card-events.ts';

/** Who writes down that a sale was paid with points. */
const INTEGRATION = 'system:rewards';

/** The points that paid for a sale, as an entry of the books beside the sale's. */
export function paymentEntry(
  paid: Extract<PointPayment, { kind: 'paid' }>,
  sale: { id: TransactionId; purchase: Purchase },
  made: { message: Pick<Envelope, 'businessId' | 'requestHash' | 'receivedAt'>; ids: IdSource },
): BookEntry {
  const { change, program, amount } = paid;
  const { purchase } = sale;
  const { message, ids } = made;
  const { card } = change;
  const id = ids.id('txn');
  const spent = presentSpending(paid);
  return cardEntry({
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: INTEGRATION,
    externalId: `${sale.id}/points`,
    requestHash: message.requestHash,
    storeId: purchase.store.id,
    occurredAt: purchase.occurredAt,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: purchase.businessDate,
    originalId: sale.id,
    receipt: { paidWithPoints: paid.paidMinor },
    outcome: { id, ...spent, explanation: [step('points-spent', spent.text)] },
    change,
    events: [
      balanceChanged(card, { transactionId: sale.id, change: -amount, unit: program.unit }, ids),
    ],
  });
}
