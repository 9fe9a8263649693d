import type { Facts } from '../../domain/ledger/facts.ts';
import type { IdSource, TransactionId } from '../../domain/values/ids.ts';
import { idColumn, jsonColumn } from './columns.ts';
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

/** Some 2 kB: a longer row would be compressed and put out of line, only to be read once. */
const FACTS_PER_ROW = 8;

/** The outbox, bound to one transaction's connection. */
export function createFacts(client: Queryable, ids: IdSource): Facts {
  return {
    async publish(businessId, events) {
      if (events.length === 0) return;
      const facts = traceFacts(events);
      const rows: { id: TransactionId; events: readonly unknown[] }[] = [];
      for (let i = 0; i < facts.length; i += FACTS_PER_ROW) {
        rows.push({ id: ids.id('txn'), events: facts.slice(i, i + FACTS_PER_ROW) });
      }
      const values = [
        toUuid(businessId),
        idColumn(rows.map(({ id }) => id)),
        jsonColumn(rows.map((row) => row.events)),
      ];
      await client.query({ ...publishFacts, values });
    },
  };
}
