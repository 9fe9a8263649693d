import type { Pool } from 'pg';
import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';

/** A customer whose cards a transaction held or changed. */
export interface Touched {
  businessId: BusinessId;
  customerId: CustomerId;
}

type Listener = (touched: readonly Touched[]) => void;

const listeners = new WeakMap<Pool, Listener>();
const underWay = new WeakMap<object, Map<CustomerId, Touched>>();

/** Has a listener told, after each commit of a pool, whose cards may have changed. */
export function onTouched(pool: Pool, listener: Listener): void {
  listeners.set(pool, listener);
}

/** Notes customers whose cards a transaction changes; those noted in vain cost little. */
export function touch(
  client: object,
  businessId: BusinessId,
  changes: readonly { card: { customerId: CustomerId } }[],
): void {
  const touched = underWay.get(client);
  if (!touched) return;
  for (const { card } of changes) {
    touched.set(card.customerId, { businessId, customerId: card.customerId });
  }
}

/** Begins to note what a transaction touches; where nobody listens nothing is noted. */
export function beginTouching(pool: Pool, client: object): void {
  if (listeners.has(pool)) underWay.set(client, new Map());
}

/** Tells the listener of a transaction that was committed, or forgets one that was not. */
export function endTouching(pool: Pool, client: object, isCommitted: boolean): void {
  const touched = underWay.get(client);
  if (!touched) return;
  underWay.delete(client);
  if (isCommitted && touched.size > 0) listeners.get(pool)?.([...touched.values()]);
}
