import type { CardHistory, Figures, Movement } from '../../domain/backtest/backtest.ts';
import type { HistoryQuery, ProgramHistory } from '../../domain/backtest/history.ts';
import type { Purchase, Receipt } from '../../domain/earning/purchase.ts';
import type { Store } from '../../domain/tenancy/business.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Pool } from 'pg';
import { inTransaction, type Queryable } from './pool.ts';
import * as sql from './statements/read-history.ts';

/** Cards read at once: a thousand sales or so, which the young generation holds. */
const CARDS_PER_PAGE = 250;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** History in PostgreSQL. A reading holds one connection, which sees one moment throughout. */
export function createProgramHistory(pool: Pool): ProgramHistory {
  return {
    read: (query, judge) =>
      inTransaction(pool, async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
        const total = await countCards(client, query);
        let page = await readPage(client, query, FIRST);
        while (page.cards.length > 0) {
          const next = page.last ? readPage(client, query, page.last) : nothingMore;
          // Both settle before either's failure is told: the connection must be at rest by then.
          const [judged, read] = await Promise.allSettled([judge(page.cards, total), next]);
          if (judged.status === 'rejected') throw judged.reason;
          if (read.status === 'rejected') throw read.reason;
          page = read.value;
        }
      }),
  };
}

const nothingMore: Promise<{ cards: CardHistory[]; last: undefined }> = Promise.resolve({
  cards: [],
  last: undefined,
});

async function countCards(client: Queryable, { businessId, program }: HistoryQuery) {
  const values = [toUuid(businessId), toUuid(program.id)];
  const { rows } = await client.query<{ count: number }>({ ...sql.countCards, values });
  return rows[0]?.count ?? 0;
}

async function readPage(client: Queryable, query: HistoryQuery, after: string) {
  const business = toUuid(query.businessId);
  const since = new Date(query.since).toISOString();
  const until = new Date(query.until).toISOString();
  const { rows: cards } = await client.query<sql.CardRow>({
    ...sql.readCards,
    values: [business, toUuid(query.program.id), after, since, until, CARDS_PER_PAGE],
  });
  const customers = cards.map((card) => card.customer_id);
  const stores = query.stores.map((store) => toUuid(store.id));
  const { rows: sales } = await client.query<sql.SaleRow>({
    ...sql.readSales,
    values: [business, customers, since, until, stores],
  });
  const { rows: moves } = await client.query<sql.MoveRow>({
    ...sql.readMoves,
    values: [business, cards.map((card) => card.id), since, until],
  });
  const storeByUuid = new Map(query.stores.map((store) => [toUuid(store.id), store]));
  const purchases = new Map<string, Purchase[]>();
  for (const sale of sales) push(purchases, sale.customer_id, toPurchase(sale, storeByUuid));
  const movements = new Map<string, Movement[]>();
  for (const { card_id, at, amount } of moves) push(movements, card_id, { at, amount });
  return {
    cards: cards.map((card) => toHistory(card, purchases, movements)),
    last: cards.length === CARDS_PER_PAGE ? cards.at(-1)?.customer_id : undefined,
  };
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function toPurchase(sale: sql.SaleRow, stores: ReadonlyMap<string, Store>): Purchase {
  const store = stores.get(sale.store_id);
  if (!store) throw new Error(`a sale at ${sale.store_id}, which was not asked for`);
  const { currency, total, taxIncluded, lines, discounts, tenders } = sale.receipt as Receipt;
  const { occurred_at: occurredAt, business_date: businessDate } = sale;
  const receipt = { currency, total, taxIncluded, lines, discounts, tenders };
  return { ...receipt, store, occurredAt, businessDate };
}

function toHistory(
  card: sql.CardRow,
  purchases: ReadonlyMap<string, Purchase[]>,
  movements: ReadonlyMap<string, Movement[]>,
): CardHistory {
  const { earned, rewards, rewards_cost: rewardsCost, closing } = card;
  const actual: Figures = { earned, rewards, rewardsCost, balance: closing };
  return {
    cardId: fromUuid('crd', card.id),
    customerId: fromUuid('cus', card.customer_id),
    openingBalance: card.opening,
    versionNumber: card.version_number,
    purchases: purchases.get(card.customer_id) ?? [],
    movements: movements.get(card.id) ?? [],
    actual,
  };
}
