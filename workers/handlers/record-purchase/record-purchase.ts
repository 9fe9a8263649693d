import type {
  LoadedPurchases,
  PurchaseQuery,
  PurchaseStore,
  PurchaseTransaction,
} from '../../../domain/earning/purchase-store.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import type { WaitingRefund } from '../../../domain/refunds/refund-books.ts';
import type { IdSource, JobId } from '../../../domain/values/ids.ts';
import type { ContactSealer } from '../../../queues/contact.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { Handler } from '../handler.ts';
import { settleWaiting } from '../refund-purchase/settle-waiting.ts';
import { Batch } from './batch.ts';
import { type Message, toQuery } from './read-message.ts';

export interface RecordPurchaseDependencies {
  store: PurchaseStore;
  ids: IdSource;
  sealer: ContactSealer;
}

/**
 * Turns purchases into stamps, points and rewards: load, decide, commit. Outcomes: `completed` with
 * the transaction, `declined` with a refusal's code (see domain/earning/decide-purchase.ts), or
 * `external-id-reused` when another body already holds the external id. A message that was handled
 * before gets its first outcome again and changes nothing.
 */
export function createRecordPurchaseHandler(
  dependencies: RecordPurchaseDependencies,
): Handler<'record-purchase'> {
  return (messages) =>
    dependencies.store.transact(async (transaction) => {
      const queries = messages.map((message) => toQuery(message, dependencies.sealer));
      const loaded = await transaction.load(queries);
      const batch = new Batch(loaded, dependencies.ids);
      const outcomes = messages.map((message, i) =>
        batch.decide(message, { ...at(queries, i), ordinal: i }, at(loaded.purchases, i)),
      );
      const waited = await transaction.write(batch);
      const alsoEnded = await settleWaited(transaction, waited, dependencies.ids);
      const [first] = outcomes;
      if (first && alsoEnded.length > 0) outcomes[0] = { ...first, alsoEnded };
      return outcomes;
    });
}

/**
 * Settles refunds that waited for the sales just written. One that fails must not fail its sale: it
 * goes on waiting, and the sweep, which finds refunds whose sale is there, fails where ops see it.
 */
async function settleWaited(
  transaction: PurchaseTransaction,
  waited: readonly WaitingRefund[],
  ids: IdSource,
): Promise<JobId[]> {
  const ended: JobId[] = [];
  for (const refund of waited) {
    const outcome = await transaction.apart((repos) =>
      settleWaiting(repos, refund, refund.receivedAt, ids),
    );
    if (outcome && outcome.status !== 'waiting') ended.push(refund.jobId);
  }
  return ended;
}

/**
 * Judges one stored sale as it would have been judged for a customer then; nothing is written.
 * @returns the entries, the sale's own first unless something had expired, or why there are none (its store may be gone)
 */
export function judgeOne(
  message: Message,
  query: PurchaseQuery,
  loaded: LoadedPurchases,
  ids: IdSource,
): readonly BookEntry[] | CommandOutcome {
  const batch = new Batch(loaded, ids, { isStored: true });
  const outcome = batch.decide(message, { ...query, ordinal: 0 }, at(loaded.purchases, 0));
  return batch.entries.length > 0 ? batch.entries : outcome;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index} of ${items.length}`);
  return item;
}
