import type { CardStatuses } from '../../domain/ledger/card-status.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

/** Cards' statuses, bound to one transaction's connection. */
export function createCardStatuses(client: Queryable): CardStatuses {
  return {
    async set(businessId, cardId, status) {
      await client.query(
        'UPDATE loyalty.cards SET status = $3 WHERE business_id = $1 AND id = $2',
        [toUuid(businessId), toUuid(cardId), status],
      );
    },
  };
}
