import { readClaimCode, refuseClaim } from '../../../domain/customers/claim.ts';
import type { CounterBooks } from '../../../domain/counter/counter-books.ts';
import type { Receipts, UnclaimedSale } from '../../../domain/customers/receipts.ts';
import type { PurchaseOutcome } from '../../../domain/earning/outcome.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import {
  recordPurchase,
  type RecordPurchasePayload,
} from '../../../queues/commands/record-purchase.ts';
import type { CustomerId } from '../../../domain/values/ids.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';
import { judgeOne } from '../record-purchase/record-purchase.ts';
import { type Doer, ownCustomers } from '../self-award.ts';

export type ClaimRepos = CustomerRepos & { receipts: Receipts; counter: CounterBooks };

type Message = Envelope<PayloadOf<'claim-receipt'>>;

/**
 * Gives a customer what a sale that named nobody would have earned them: the stored receipt is
 * judged at its own time, by everything that was in force then. Outcomes: `completed` with the
 * claim, or `declined` as `unknown-customer`, `customer-merged`, `unknown-receipt`,
 * `self-award` (they rang it up, or claim it as staff), `receipt-already-claimed`, `receipt-refunded`, `receipt-in-review` or `too-late-to-claim`.
 */
export function createClaimReceiptHandler(dependencies: CustomerDependencies<ClaimRepos>) {
  const { ids } = dependencies;
  return createCommandHandler<'claim-receipt', ClaimRepos>(
    dependencies,
    async (transaction, message) => {
      const { books, customers, receipts } = transaction;
      const { businessId, payload, principal } = message;
      const subjectId = payload.customerId;
      const declined = (code: string) => ({ status: 'declined' as const, code, subjectId });

      const claimCode = readClaimCode(payload.claimCode);
      if (!claimCode) return declined('unknown-receipt');
      // Two who hold the same receipt come one after the other.
      await transaction.exclusively(`${businessId} ${claimCode}`);
      await books.lockCards(businessId, [payload.customerId]);
      const found = await lockCustomer(customers, businessId, payload.customerId);
      if ('declined' in found) return found.declined;
      const sale = await receipts.findByClaimCode(businessId, claimCode);
      if (!sale) return declined('unknown-receipt');
      for (const doer of [principal, servedBy(sale)]) {
        const own = doer ? await ownCustomers(transaction, businessId, doer) : [];
        if (own.includes(payload.customerId)) return declined('self-award');
      }
      const refusal = refuseClaim(sale, Date.parse(message.receivedAt));
      if (refusal) return declined(refusal);

      const judged = await judge(receipts, { message, sale });
      if ('code' in judged) return declined(judged.code);
      const [entry] = judged;
      await books.write(judged);
      return {
        status: 'completed',
        transactionId: entry.id,
        result: { claim: entry.outcome },
        subjectId,
        auditDetail: { transactionId: sale.id },
      };
    },
  );

  async function judge(
    receipts: Receipts,
    { message, sale }: { message: Message; sale: UnclaimedSale },
  ): Promise<[BookEntry, ...BookEntry[]] | { code: string }> {
    const { businessId, payload } = message;
    const query = {
      businessId,
      jobId: message.id,
      integration: 'claim',
      externalId: sale.id,
      storeId: sale.storeId,
      occurredAt: sale.occurredAt,
      customer: { kind: 'customerId', value: payload.customerId } as const,
    };
    const asPosted = {
      ...message,
      // Whoever claims it did not ring it up.
      principal: { kind: 'system', id: 'claims' } as const,
      // When the till sent it, so that it is taken or put aside as it was then.
      receivedAt: new Date(sale.receivedAt).toISOString(),
      payload: withoutVouchers({
        ...sale.receipt,
        customer: { customerId: payload.customerId },
      }),
    };
    const judged = judgeOne(asPosted, query, await receipts.load([query]), ids);
    if ('status' in judged) {
      return { code: judged.status === 'declined' ? judged.code : 'unknown-receipt' };
    }
    const [entry, ...awards] = judged;
    if (!entry) return { code: 'unknown-receipt' };
    const claim: BookEntry = {
      ...entry,
      kind: 'claim',
      originalId: sale.id,
      receivedAt: Date.parse(message.receivedAt),
      receipt: { saleId: sale.id },
      outcome: {
        ...(entry.outcome as PurchaseOutcome),
        externalId: sale.externalId,
        saleId: sale.id,
      },
      // The sale itself was told of when it was recorded.
      events: [
        claimed(entry, sale, payload.customerId),
        ...(entry.events as OutboxEvent[]).filter(({ type }) => type !== 'transaction.recorded'),
      ],
    };
    return [claim, ...awards];
  }

  function claimed(entry: BookEntry, sale: UnclaimedSale, customerId: CustomerId): OutboxEvent {
    const cardIds = entry.cards.map(({ card }) => card.id);
    const { id: originalId, storeId } = sale;
    return {
      id: ids.id('evt'),
      type: 'transaction.claimed',
      data: { transactionId: entry.id, originalId, storeId, customerId, cardIds },
    };
  }
}

/** The member of staff who rang the sale up, where the till or the counter said. */
function servedBy({ receipt }: UnclaimedSale): Doer | undefined {
  const { staffId } = receipt as { staffId?: string };
  return staffId === undefined ? undefined : { kind: 'staff', id: staffId };
}

/** What the sale used up was used up when it was recorded. */
export function withoutVouchers(receipt: object): RecordPurchasePayload {
  const payload = recordPurchase.payload.parse(receipt);
  const discounts = payload.discounts.map(({ voucherCode: _used, ...discount }) => discount);
  return { ...payload, discounts };
}
