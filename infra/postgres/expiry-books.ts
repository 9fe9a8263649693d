import type { ExpiryBooks } from '../../domain/expiry/expiry-books.ts';
import { fromUuid, toUuid } from './ids.ts';
import { loadOpenLots, toCard } from './cards.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import type { CardRow } from './statements/select-cards.ts';
import * as sql from './statements/sweep-lots.ts';

const BEFORE_ALL = '-infinity';
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** The sweep's reads and locks, bound to one transaction's connection. */
export function createExpiryBooks(client: Queryable): ExpiryBooks {
  return {
    async findDue({ businessId, kind, at, limit }, after) {
      const statement = kind === 'lots' ? sql.findExpiredLots : sql.findIdleCards;
      const rows = await runStatement<sql.DueRow>(client, statement, [
        {
          business_id: toUuid(businessId),
          at: new Date(at).toISOString(),
          after_at: after ? new Date(after.at).toISOString() : BEFORE_ALL,
          after_id: after?.id ?? LOWEST_ID,
          max_rows: limit,
        },
      ]);
      const last = rows.at(-1);
      return {
        cardIds: [...new Set(rows.map((row) => row.card_id))].map((id) => fromUuid('crd', id)),
        next: last && rows.length === limit ? { at: last.at, id: last.id } : undefined,
      };
    },

    async claimCards(businessId, { cardIds, restingSince }) {
      const resting_since = new Date(restingSince).toISOString();
      const business_id = toUuid(businessId);
      const wanted = cardIds
        .toSorted()
        .map((id) => ({ business_id, id: toUuid(id), resting_since }));
      const rows = await runStatement<CardRow>(client, sql.claimCards, wanted);
      const lots = await loadOpenLots(client, rows);
      return rows.map((row) => toCard(row, lots.get(row.id) ?? []));
    },

    async forgetActivity(businessId, cardIds) {
      const business_id = toUuid(businessId);
      const rows = cardIds.map((id) => ({ business_id, id: toUuid(id) }));
      await runStatement(client, sql.forgetActivity, rows);
    },
  };
}
