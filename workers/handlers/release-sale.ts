import type { Receipts } from '../../domain/customers/receipts.ts';
import type { PurchaseOutcome } from '../../domain/earning/outcome.ts';
import type { BookEntry } from '../../domain/ledger/book-entry.ts';
import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CommandTransaction } from '../../domain/ledger/command-store.ts';
import type { Approval } from '../../domain/tenancy/approval.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { WorkOutcome } from './command.ts';
import { withoutVouchers } from './claim-receipt/claim-receipt.ts';
import { judgeOne } from './record-purchase/record-purchase.ts';
import type { HeldSale } from './suspicions.ts';

export interface ReleaseRepos {
  books: LedgerBooks;
  receipts: Receipts;
}

/**
 * Gives what a held sale earns, as an entry of its own beside the sale: the stored receipt is judged
 * at its own time, for the programs that held it and no others. Declines as `unknown-customer` when
 * they were erased, and as `sale-refunded`: what was given back has not been earned.
 */
export async function releaseSale(
  { books, receipts, exclusively }: ReleaseRepos & Pick<CommandTransaction, 'exclusively'>,
  approval: Approval,
  { ids, at }: { ids: IdSource; at: Instant },
): Promise<WorkOutcome> {
  const { businessId } = approval;
  const held = approval.payload as HeldSale;
  // A refund on its way comes before or after, never between.
  await exclusively(`refund-of:${held.transactionId}`);
  const sale = await receipts.findById(businessId, held.transactionId);
  if (!sale) throw new Error(`${held.transactionId} was held and is gone`);
  if (sale.isRefunded) {
    const detail = 'Some of it was refunded since. Reject it, and adjust the card by hand.';
    return { status: 'declined', code: 'sale-refunded', detail };
  }
  const query = {
    businessId,
    jobId: approval.jobId,
    integration: 'approval',
    externalId: sale.id,
    storeId: sale.storeId,
    occurredAt: sale.occurredAt,
    customer: { kind: 'customerId', value: held.customerId } as const,
  };
  const loaded = await receipts.load([query]);
  // Its own job has ended long since; that must not answer for it.
  const purchases = loaded.purchases.map((purchase) => ({ ...purchase, finishedJob: undefined }));
  const message = {
    id: approval.jobId,
    type: approval.kind,
    version: 1,
    businessId,
    principal: { kind: 'system', id: 'approvals' } as const,
    requestHash: approval.requestHash,
    receivedAt: new Date(sale.receivedAt).toISOString(),
    payload: withoutVouchers({ ...sale.receipt, customer: { customerId: held.customerId } }),
  };
  const judged = judgeOne(message, query, { ...loaded, purchases }, ids);
  if ('status' in judged) {
    return judged.status === 'declined' ? judged : { status: 'declined', code: 'already-decided' };
  }
  const entries = judged.map((entry) => (entry.kind === 'purchase' ? released(entry) : entry));
  const release = entries.find(({ kind }) => kind === 'release');
  if (!release) throw new Error(`${sale.id} was released and gave no entry`);
  await books.write(entries);
  return {
    status: 'completed',
    transactionId: release.id,
    result: { transaction: release.outcome },
  };

  function released(entry: BookEntry): BookEntry {
    const outcome = entry.outcome as PurchaseOutcome;
    return {
      ...entry,
      kind: 'release',
      originalId: held.transactionId,
      receivedAt: at,
      receipt: { saleId: held.transactionId },
      outcome: { ...outcome, externalId: held.externalId, saleId: held.transactionId },
      // The sale itself was told of when it was recorded.
      events: (entry.events as OutboxEvent[]).filter(({ type }) => type !== 'transaction.recorded'),
    };
  }
}
