import type {
  CardHistory,
  Figures,
  Movement,
  PastRefund,
} from '../../domain/backtest/card-history.ts';
import type { HistoryQuery, ProgramHistory } from '../../domain/backtest/history.ts';
import type { Purchase, Receipt } from '../../domain/earning/purchase.ts';
import type { Store } from '../../domain/tenancy/business.ts';
import type { TransactionId } from '../../domain/values/ids.ts';
import type { BusinessDate } from '../../domain/values/time.ts';
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
        while (page) {
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

/**
 * What happened on some cards, to be made out card by card; and the cards that come after them, which costs
 * no round trip more.
 */
async function readPage(client: Queryable, query: HistoryQuery, cards: readonly sql.CardRow[]) {
  const last = cards.at(-1);
  if (!last) return undefined;
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
  const known: Known = {
    stores: query.stores,
    sales: new Map(sales.map((row) => [row.customer_id, row])),
    movements: new Map(),
    refunded: await readRefunds(client, query, { cards, sales }),
  };
  for (const { card_id, at, amount } of moves) push(known.movements, card_id, { at, amount });
  const { earlier } = known.refunded;
  for (const { card_id, ...move } of earlier) push(known.movements, card_id, move);
  for (const { card_id } of earlier) known.movements.get(card_id)?.sort((a, b) => a.at - b.at);
  return { cards: historiesOf(cards, known), next };
}

function keysOf({ businessId, since, until }: HistoryQuery) {
  return {
    business: toUuid(businessId),
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
  };
}

/** What is known of the cards of a page. */
interface Known {
  stores: readonly Store[];
  /** By customer, as they come: what waits to be judged is text, which costs no collecting. */
  sales: ReadonlyMap<string, sql.CustomerRow>;
  /** By card. */
  movements: Map<string, Movement[]>;
  refunded: Refunded;
}

interface Refunded {
  /** By customer: the ids of the sales of the period, in order. */
  saleIds: Map<string, TransactionId[]>;
  /** By customer: of sales of the period. */
  refunds: Map<string, PastRefund[]>;
  /** By card. */
  redeemedAt: Map<string, number[]>;
  /** What refunds of earlier sales did. */
  earlier: readonly sql.MoveRow[];
}

/** What else must be known of cards with refunds; asks nothing where there were none. */
async function readRefunds(
  client: Queryable,
  query: HistoryQuery,
  page: { cards: readonly sql.CardRow[]; sales: readonly sql.CustomerRow[] },
): Promise<Refunded> {
  const { business, since, until } = keysOf(query);
  const saleIds = new Map<string, TransactionId[]>();
  const refunds = new Map<string, PastRefund[]>();
  const redeemedAt = new Map<string, number[]>();
  const customers = page.sales.filter((row) => row.has_refunds).map((row) => row.customer_id);
  if (customers.length === 0) return { saleIds, refunds, redeemedAt, earlier: [] };
  const stores = query.stores.map((store) => toUuid(store.id));
  const { rows } = await client.query<sql.RefundRow>({
    ...sql.readRefunds,
    values: [business, customers, since, until, stores],
  });
  const ofEarlier = sortRefunds(rows, { saleIds, refunds });
  const refunded = page.cards.filter((card) => refunds.has(card.customer_id));
  const [{ rows: redemptions }, { rows: earlier }] = await Promise.all([
    client.query<{ card_id: string; at: number }>({
      ...sql.readRedemptions,
      values: [business, refunded.map((card) => card.id), since, until],
    }),
    client.query<sql.MoveRow>({
      ...sql.readEarlierRefunds,
      values: [business, toUuid(query.program.id), ofEarlier],
    }),
  ]);
  for (const { card_id, at } of redemptions) push(redeemedAt, card_id, at);
  return { saleIds, refunds, redeemedAt, earlier };
}

/** @returns refunds of sales from before the period, by their own ids */
function sortRefunds(
  rows: readonly sql.RefundRow[],
  { saleIds, refunds }: Pick<Refunded, 'saleIds' | 'refunds'>,
): string[] {
  const inPeriod = new Set<string>();
  for (const { customer_id: customer, id, original_id: original, is_refund } of rows) {
    if (is_refund) continue;
    inPeriod.add(original ?? id);
    push(saleIds, customer, fromUuid('txn', original ?? id));
  }
  const ofEarlier: string[] = [];
  for (const { customer_id: customer, id, original_id: original, at, request } of rows) {
    if (request === null || original === null) continue;
    if (inPeriod.has(original)) {
      push(refunds, customer, { at, request, saleId: fromUuid('txn', original) });
    } else ofEarlier.push(id);
  }
  return ofEarlier;
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Each card when it is asked for: what lives no longer than its judging is collected for nothing. */
function* historiesOf(cards: readonly sql.CardRow[], known: Known): Generator<CardHistory> {
  for (const card of cards) yield toHistory(card, known);
}

function toHistory(card: sql.CardRow, known: Known): CardHistory {
  const { earned, rewards, rewards_cost: rewardsCost, closing, customer_id: customer } = card;
  const { saleIds, refunds, redeemedAt } = known.refunded;
  const actual: Figures = { earned, rewards, rewardsCost, balance: closing };
  const refundsOf = refunds.get(customer);
  return {
    cardId: fromUuid('crd', card.id),
    customerId: fromUuid('cus', customer),
    openingBalance: card.opening,
    ...(card.opening_debt > 0 && { openingDebt: card.opening_debt }),
    versionNumber: card.version_number,
    purchases: purchasesOf(known.sales.get(customer), known.stores),
    movements: known.movements.get(card.id) ?? [],
    ...(refundsOf && {
      refunds: refundsOf,
      saleIds: saleIds.get(customer) ?? [],
      redeemedAt: redeemedAt.get(card.id) ?? [],
    }),
    actual,
  };
}

function purchasesOf(row: sql.CustomerRow | undefined, stores: readonly Store[]): Purchase[] {
  if (!row?.receipts) return [];
  const places = listOf<number>(row.stores);
  const times = listOf<number>(row.times);
  const dates = listOf<BusinessDate>(row.dates);
  return listOf<Receipt>(row.receipts).map((receipt, i) => {
    const store = stores[places[i] ?? -1];
    const [occurredAt, businessDate] = [times[i], dates[i]];
    if (!store || occurredAt === undefined || businessDate === undefined)
      throw new Error('a sale at a store that was not asked for');
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
  });
}

function listOf<Item>(json: string | null): Item[] {
  return json === null ? [] : (JSON.parse(json) as Item[]);
}
