import type { Facts } from '../../domain/ledger/facts.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import { traceFacts } from './event-traces.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

const publishFacts = {
  name: 'publish-facts',
  text: `
    WITH news AS (
      INSERT INTO loyalty.outbox (id, business_id, events)
      SELECT id, $1, events FROM unnest($2::uuid[], $3::json[]) AS n (id, events))
    SELECT pg_notify('outbox', '')`,
};

/** A relay claims hundreds of rows at once, and holds all their facts in memory. */
const FACTS_PER_ROW = 50;

/** The outbox, bound to one transaction's connection. */
export function createFacts(client: Queryable, ids: IdSource): Facts {
  return {
    async publish(businessId, events) {
      if (events.length === 0) return;
      const facts = traceFacts(events);
      const rows: { id: string; events: string }[] = [];
      for (let i = 0; i < facts.length; i += FACTS_PER_ROW) {
        const together = facts.slice(i, i + FACTS_PER_ROW);
        rows.push({ id: toUuid(ids.id('txn')), events: JSON.stringify(together) });
      }
      const values = [toUuid(businessId), rows.map(({ id }) => id), rows.map((row) => row.events)];
      await client.query({ ...publishFacts, values });
    },
  };
}
