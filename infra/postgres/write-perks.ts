import type { BookEntry } from '../../domain/ledger/book-entry.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import * as sql from './statements/write-perks.ts';

/**
 * Writes what entries note beside the books: promotions used or taken back, shared counters,
 * progress and levels. Each counter is moved once a batch.
 */
export async function writePerks(client: Queryable, entries: readonly BookEntry[]): Promise<void> {
  if (!entries.some((entry) => entry.cards.some((change) => change.perks))) return;
  const rows = gather(entries);
  await Promise.all([
    runStatement(client, sql.insertPromotionUses, rows.uses),
    runStatement(client, sql.moveCounters, rows.counts),
    runStatement(client, sql.addTierProgress, rows.progress),
    runStatement(client, sql.insertCardTiers, rows.tiers),
  ]);
}

function gather(entries: readonly BookEntry[]) {
  const uses: object[] = [];
  const counts = new Map<string, { business_id: string; key: string; change: number }>();
  const progress = new Map<string, { business_id: string; earned: number; spend: number }>();
  const tiers = new Map<string, { is_current: boolean }[]>();
  for (const entry of entries) {
    const business_id = toUuid(entry.businessId);
    for (const { card, perks } of entry.cards) {
      if (!perks) continue;
      const card_id = toUuid(perks.notedOn ?? card.id);
      for (const use of perks.uses) {
        uses.push({
          business_id,
          promotion_id: toUuid(use.promotionId),
          transaction_id: toUuid(entry.id),
          card_id,
          customer_id: toUuid(card.customerId),
          uses: use.uses,
          amount: use.amount,
          business_date: use.date,
        });
      }
      for (const { key, change } of perks.counts) {
        const row = counts.get(`${business_id} ${key}`) ?? { business_id, key, change: 0 };
        row.change += change;
        counts.set(`${business_id} ${key}`, row);
      }
      if (perks.progress) {
        const { date, earned, spend } = perks.progress;
        const none = { business_id, card_id, business_date: date, earned: 0, spend: 0 };
        const row = progress.get(`${card_id} ${date}`) ?? none;
        row.earned += earned;
        row.spend += spend;
        progress.set(`${card_id} ${date}`, row);
      }
      if (perks.tierChange) {
        const { level, since, until } = perks.tierChange.to;
        const holder = toUuid(card.id);
        const rows = tiers.get(holder) ?? [];
        for (const earlier of rows) earlier.is_current = false;
        const row = {
          business_id,
          card_id: holder,
          since: new Date(since).toISOString(),
          program_id: toUuid(card.programId),
          level,
          until: new Date(until).toISOString(),
          is_current: true,
        };
        tiers.set(holder, [...rows, row]);
      }
    }
  }
  return {
    uses,
    counts: [...counts.values()],
    progress: [...progress.values()],
    tiers: [...tiers.values()].flat(),
  };
}
