import type { BrandId, BusinessId, StoreId } from '../values/ids.ts';
import { DAY_MS, type Instant, MINUTE_MS } from '../values/time.ts';

/** A tenant, as the rules need to see it. */
export interface Business {
  id: BusinessId;
  /** How far back a sale may lie when it arrives; a replay of old sales opens this wide. */
  acceptPastDays: number;
  /** How far a till's clock may run ahead. */
  acceptFutureMinutes: number;
  /** Whole units that one person may put on a card or take off; null: any amount. */
  adjustmentLimit: number | null;
}

/** A place that sells. Its zone and day start decide business dates. */
export interface Store {
  id: StoreId;
  brandId: BrandId;
  name: string;
  /** IANA zone, e.g. `Europe/Lisbon`. */
  zone: string;
  /** Minutes after local midnight at which a new business day begins. */
  dayStartMinutes: number;
  /** Sales from then on are refused; null for a store that is open. */
  closedAt: Instant | null;
}

export type Acceptance = 'accepted' | 'too-old' | 'in-future';

/** Whether a sale's time lies inside what the business takes without a look. Both ends included. */
export function acceptOccurredAt(
  business: Business,
  times: { occurredAt: Instant; receivedAt: Instant },
): Acceptance {
  const age = times.receivedAt - times.occurredAt;
  if (-age > business.acceptFutureMinutes * MINUTE_MS) return 'in-future';
  if (age > business.acceptPastDays * DAY_MS) return 'too-old';
  return 'accepted';
}
