import type { Facts } from '../../domain/ledger/facts.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import { traceFacts } from './event-traces.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

const publishFacts = {
  name: 'publish-facts',
  text: `
    WITH news AS (INSERT INTO loyalty.outbox (id, business_id, events) VALUES ($1, $2, $3))
    SELECT pg_notify('outbox', '')`,
};

/** The outbox, bound to one transaction's connection. */
export function createFacts(client: Queryable, ids: IdSource): Facts {
  return {
    async publish(businessId, events) {
      if (events.length === 0) return;
      const values = [
        toUuid(ids.id('txn')),
        toUuid(businessId),
        JSON.stringify(traceFacts(events)),
      ];
      await client.query({ ...publishFacts, values });
    },
  };
}
