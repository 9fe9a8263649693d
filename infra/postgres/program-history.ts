import type {
  CardHistory,
  Figures,
  Movement,
  PastRefund,
} from '../../domain/backtest/card-history.ts';
import type { HistoryQuery, ProgramHistory } from '../../domain/backtest/history.ts';
import type { Purchase } from '../../domain/earning/purchase.ts';
import type { Store } from '../../domain/tenancy/business.ts';
import type { TransactionId } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Pool } from 'pg';
import { inTransaction, type Queryable } from './pool.ts';
import * as sql from './statements/read-history.ts';

/** Cards read at once: as many sales as a small young generation holds. */
const CARDS_PER_PAGE = 60;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** History in PostgreSQL. A reading holds one connection, which sees one moment throughout. */
export function createProgramHistory(pool: Pool): ProgramHistory {
  return {
    read: (query, judge) =>
      inTransaction(pool, async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
        const total = await countCards(client, query);
        let page = await readPage(client, query, await readCards(client, query, FIRST));
        while (page.cards.length > 0) {
          // Both settle before either's failure is told: the connection must be at rest by then.
          const [judged, read] = await Promise.allSettled([
            judge(page.cards, total),
            readPage(client, query, page.next),
          ]);
          if (judged.status === 'rejected') throw judged.reason;
          if (read.status === 'rejected') throw read.reason;
          page = read.value;
        }
      }),
  };
}

async function countCards(client: Queryable, { businessId, program }: HistoryQuery) {
  const values = [toUuid(businessId), toUuid(program.id)];
  const { rows } = await client.query<{ count: number }>({ ...sql.countCards, values });
  return rows[0]?.count ?? 0;
}

async function readCards(client: Queryable, query: HistoryQuery, after: string) {
  const { business, since, until } = keysOf(query);
  const { rows } = await client.query<sql.CardRow>({
    ...sql.readCards,
    values: [business, toUuid(query.program.id), after, since, until, CARDS_PER_PAGE],
  });
  return rows;
}

/** What happened on some cards; and the cards that come after them, which costs no round trip more. */
async function readPage(client: Queryable, query: HistoryQuery, cards: readonly sql.CardRow[]) {
  const last = cards.at(-1);
  if (!last) return { cards: [], next: [] };
  const { business, since, until } = keysOf(query);
  const customers = cards.map((card) => card.customer_id);
  const stores = query.stores.map((store) => toUuid(store.id));
  const [{ rows: sales }, { rows: moves }, next] = await Promise.all([
    client.query<sql.CustomerRow>({
      ...sql.readSales,
      values: [business, customers, since, until, stores],
    }),
    client.query<sql.MoveRow>({
      ...sql.readMoves,
      values: [business, cards.map((card) => card.id), since, until],
    }),
    cards.length === CARDS_PER_PAGE ? readCards(client, query, last.customer_id) : [],
  ]);
  const past = sortSales(sales, query.stores);
  const refunded = cards.filter((card) => past.refunds.has(card.customer_id));
  const known = await readRefunded(client, query, { refunded, past });
  const movements = new Map<string, Movement[]>();
  for (const { card_id, at, amount } of moves) push(movements, card_id, { at, amount });
  for (const { card_id, ...move } of known.moves) push(movements, card_id, move);
  for (const { card_id } of known.moves) movements.get(card_id)?.sort((a, b) => a.at - b.at);
  return {
    cards: cards.map((card) => toHistory(card, { past, movements, redeemedAt: known.redeemedAt })),
    next,
  };
}

function keysOf({ businessId, since, until }: HistoryQuery) {
  return {
    business: toUuid(businessId),
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
  };
}

/** Sales and refunds by customer. */
interface PastSales {
  purchases: Map<string, Purchase[]>;
  saleIds: Map<string, TransactionId[]>;
  /** Of sales of the period. */
  refunds: Map<string, PastRefund[]>;
  /** Refunds of earlier sales, by their own ids. */
  earlier: string[];
}

function sortSales(rows: readonly sql.CustomerRow[], stores: readonly Store[]): PastSales {
  const past: PastSales = {
    purchases: new Map(),
    saleIds: new Map(),
    refunds: new Map(),
    earlier: [],
  };
  for (const { customer_id: customer, sales } of rows) {
    past.purchases.set(
      customer,
      sales.flatMap((sale) => toPurchase(sale, stores) ?? []),
    );
    if (sales.some(isRefund)) sortRefunds(past, customer, sales);
  }
  return past;
}

const isRefund = ([, , , , , request]: sql.PastSale) => request !== null;

function sortRefunds(past: PastSales, customer: string, sales: readonly sql.PastSale[]): void {
  // One for each purchase: what has no receipt is none.
  const known = sales.flatMap(([id, original, , , , , receipt]) =>
    receipt ? (original ?? id) : [],
  );
  past.saleIds.set(
    customer,
    known.map((id) => fromUuid('txn', id)),
  );
  const inPeriod = new Set(known);
  for (const [id, original, , at, , request] of sales) {
    if (request === null || original === null) continue;
    if (!inPeriod.has(original)) past.earlier.push(id);
    else push(past.refunds, customer, { at, request, saleId: fromUuid('txn', original) });
  }
}

/** What else must be known of cards with refunds; asks nothing where there were none. */
async function readRefunded(
  client: Queryable,
  query: HistoryQuery,
  { refunded, past }: { refunded: readonly sql.CardRow[]; past: PastSales },
) {
  const business = toUuid(query.businessId);
  const redeemedAt = new Map<string, number[]>();
  if (refunded.length > 0) {
    const [since, until] = [query.since, query.until].map((at) => new Date(at).toISOString());
    const { rows } = await client.query<{ card_id: string; at: number }>({
      ...sql.readRedemptions,
      values: [business, refunded.map((card) => card.id), since, until],
    });
    for (const { card_id, at } of rows) push(redeemedAt, card_id, at);
  }
  if (past.earlier.length === 0) return { moves: [], redeemedAt };
  const { rows: moves } = await client.query<sql.MoveRow>({
    ...sql.readEarlierRefunds,
    values: [business, toUuid(query.program.id), past.earlier],
  });
  return { moves, redeemedAt };
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Undefined for what is a refund. */
function toPurchase(
  [, , place, occurredAt, businessDate, , receipt]: sql.PastSale,
  stores: readonly Store[],
): Purchase | undefined {
  if (!receipt) return undefined;
  const store = stores[place ?? -1];
  if (!store) throw new Error('a sale at a store that was not asked for');
  const { currency, total, taxIncluded, lines, discounts, tenders } = receipt;
  // Field by field: what is left out of a stored receipt is nothing to judge by.
  return {
    currency,
    total,
    taxIncluded,
    lines,
    discounts,
    tenders,
    store,
    occurredAt,
    businessDate,
  };
}

function toHistory(
  card: sql.CardRow,
  known: {
    past: PastSales;
    movements: ReadonlyMap<string, Movement[]>;
    redeemedAt: ReadonlyMap<string, number[]>;
  },
): CardHistory {
  const { earned, rewards, rewards_cost: rewardsCost, closing, customer_id: customer } = card;
  const { purchases, saleIds, refunds } = known.past;
  const actual: Figures = { earned, rewards, rewardsCost, balance: closing };
  const refundsOf = refunds.get(customer);
  return {
    cardId: fromUuid('crd', card.id),
    customerId: fromUuid('cus', customer),
    openingBalance: card.opening,
    ...(card.opening_debt > 0 && { openingDebt: card.opening_debt }),
    versionNumber: card.version_number,
    purchases: purchases.get(customer) ?? [],
    movements: known.movements.get(card.id) ?? [],
    ...(refundsOf && {
      refunds: refundsOf,
      saleIds: saleIds.get(customer) ?? [],
      redeemedAt: known.redeemedAt.get(card.id) ?? [],
    }),
    actual,
  };
}
