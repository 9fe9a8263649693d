import { type Earning, needsEarnings } from '../../domain/earning/caps.ts';
import type { PurchaseQuery } from '../../domain/earning/purchase-store.ts';
import type { CardId, CustomerId } from '../../domain/values/ids.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/values/time.ts';
import { cardKey, hasVersion, versionsOf } from './cards.ts';
import type { Configs } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { type EarningRow, findEarnings } from './statements/find-earnings.ts';
import type { CardRow } from './statements/select-cards.ts';

// A business day reaches at most a day and its start beyond the sale.
const BUSINESS_DAY_REACH_MS = 2 * DAY_MS;

/** How far from a sale, either way, an earning can still matter to a cap of the card's program. */
function capReachMs(card: CardRow, configs: Configs): number {
  const minutes = versionsOf(card, configs).map((v) => v.caps.minimumMinutesBetween ?? 0);
  return Math.max(BUSINESS_DAY_REACH_MS, ...minutes.map((n) => n * MINUTE_MS));
}

/** Earnings around a batch's sales, of cards whose caps ask for them; nothing is sent without such caps. */
export async function loadEarnings(
  client: Queryable,
  batch: {
    queries: readonly PurchaseQuery[];
    customerIds: ReadonlyMap<number, CustomerId>;
    cardRows: readonly CardRow[];
    configs: Configs;
  },
): Promise<Map<CardId, Earning[]>> {
  const capped = batch.cardRows.filter((card) =>
    hasVersion(card, batch.configs, (version) => needsEarnings(version.caps)),
  );
  const timesByCustomer = new Map<string, number[]>();
  if (capped.length > 0) {
    for (const [ordinal, customerId] of batch.customerIds) {
      const times = timesByCustomer.get(toUuid(customerId)) ?? [];
      times.push(batch.queries[ordinal]?.occurredAt ?? 0);
      timesByCustomer.set(toUuid(customerId), times);
    }
  }
  const wanted = capped.map((card) => {
    const times = timesByCustomer.get(card.customer_id) ?? [];
    const reachMs = capReachMs(card, batch.configs);
    const since = new Date(Math.min(...times) - reachMs).toISOString();
    const until = new Date(Math.max(...times) + reachMs).toISOString();
    return { ...cardKey(card), since, until };
  });
  const rows = await runStatement<EarningRow>(client, findEarnings, wanted);
  const earnings = new Map<CardId, Earning[]>();
  for (const row of rows) {
    const cardId = fromUuid('crd', row.card_id);
    const known = earnings.get(cardId) ?? [];
    known.push({
      occurredAt: row.occurred_at,
      businessDate: row.business_date,
      amount: row.amount,
    });
    earnings.set(cardId, known);
  }
  return earnings;
}
