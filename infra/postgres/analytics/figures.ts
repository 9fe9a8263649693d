import type { Pool, PoolClient } from 'pg';
import type { Figures, Told } from '../../../domain/analytics/figures.ts';
import { fromUuid, toUuid } from '../ids.ts';
import { inTransaction } from '../pool.ts';
import { runStatement } from '../statement.ts';
import * as sql from '../statements/count-figures.ts';
import { inBusinesses } from '../tenant.ts';

/** A transaction or a card, as the database names it. */
export interface Named {
  business_id: string;
  id: string;
}

/** The figures in PostgreSQL. @param pool as regulars_analytics connects */
export function createFigures(pool: Pool): Figures {
  return {
    async count(told) {
      const transactions = named(told, ({ transactionIds }) => transactionIds);
      const cards = named(told, ({ cardIds }) => cardIds);
      const businessIds = told.map(({ businessId }) => businessId);
      return inBusinesses(businessIds, () =>
        inTransaction(pool, async (client) => {
          await shareBusinesses(client, [...transactions, ...cards]);
          const fresh = await runStatement<Named>(client, sql.takeUncounted, transactions);
          const unknown = await runStatement<Named>(client, sql.findUnknown, transactions);
          await countTransactions(client, fresh);
          const moved = await runStatement<Named>(client, sql.findMovedCards, fresh);
          await lookAtCards(client, [...cards, ...moved]);
          return unknown.map(({ id }) => fromUuid('txn', id));
        }),
      );
    },
  };
}

/** Adds transactions that nobody has counted to the days that they are of. */
export async function countTransactions(
  client: PoolClient,
  fresh: readonly Named[],
): Promise<void> {
  const moves = await runStatement<sql.MoveRow>(client, sql.readMoves, fresh);
  await runStatement(client, sql.addStoreHours, moves);
  await runStatement(client, sql.lockCustomers, moves);
  await runStatement(client, sql.addCustomerDays, moves);
  await runStatement(client, sql.findFirstVisits, moves);
  await runStatement(client, sql.addProgramDays, fresh);
  await runStatement(client, sql.addPromotionDays, fresh);
}

/** Notes what cards hold now, and how their rewards stand. */
export async function lookAtCards(client: PoolClient, cards: readonly Named[]): Promise<void> {
  await runStatement(client, sql.lockCards, cards);
  await runStatement(client, sql.forgetHoldings, cards);
  const once = [...new Map(cards.map((card) => [`${card.business_id} ${card.id}`, card])).values()];
  await runStatement(client, sql.readHoldings, once);
  await runStatement(client, sql.readRewards, once);
}

/** Keeps a rebuilding away, or waits for it; those who count do not wait for one another. */
async function shareBusinesses(client: PoolClient, rows: readonly Named[]): Promise<void> {
  const businesses = [...new Set(rows.map((row) => row.business_id))].toSorted();
  await client.query({
    name: 'share-figures',
    text: `
      SELECT pg_advisory_xact_lock_shared(hashtextextended('figures ' || b, 0))
        FROM unnest($1::text[]) b`,
    values: [businesses],
  });
}

function named(
  told: readonly Told[],
  idsOf: (one: Told) => readonly (`txn_${string}` | `crd_${string}`)[],
): Named[] {
  const rows = told.flatMap((one) =>
    idsOf(one).map((id) => ({ business_id: toUuid(one.businessId), id: toUuid(id) })),
  );
  return [...new Map(rows.map((row) => [`${row.business_id} ${row.id}`, row])).values()];
}
