import type { CardHistory, Movement, PastRefund } from '../../domain/backtest/card-history.ts';
import type { HistoryQuery, ProgramHistory } from '../../domain/backtest/history.ts';
import type { Purchase, Receipt } from '../../domain/earning/purchase.ts';
import type { Store } from '../../domain/tenancy/business.ts';
import type { TransactionId } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Pool } from 'pg';
import { inTransaction, type Queryable } from './pool.ts';
import * as sql from './statements/read-history.ts';

/** Cards read at once: few enough for their text to fit beside all else, enough to be worth a query. */
const CARDS_PER_PAGE = 80;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** History in PostgreSQL. A reading holds one connection, which sees one moment throughout. */
export function createProgramHistory(pool: Pool): ProgramHistory {
  return {
    read: (query, judge) =>
      inTransaction(pool, async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
        const total = await countCards(client, query);
        let page = await readPage(client, query, FIRST);
        while (page) {
          // Both settle before either's failure is told: the connection must be at rest by then.
          const [judged, read] = await Promise.allSettled([
            judge(page.cards, total),
            page.next === undefined ? undefined : readPage(client, query, page.next),
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

interface Page {
  cards: Iterable<CardHistory>;
  /** The customer after whom the next page begins; undefined for the last one. */
  next: string | undefined;
}

/** The cards after a customer's, to be made out one by one; undefined when there are no more. */
async function readPage(
  client: Queryable,
  query: HistoryQuery,
  after: string,
): Promise<Page | undefined> {
  const { business, program, since, until, stores } = keysOf(query);
  const { rows } = await client.query<sql.PageRow>({
    ...sql.readPage,
    values: [business, program, after, since, until, CARDS_PER_PAGE, stores],
  });
  const [row] = rows;
  if (!row?.cards) return undefined;
  const refunded = await readRefunded(client, query, row);
  return {
    cards: historiesOf(row.cards, query.stores, refunded),
    next: row.count < CARDS_PER_PAGE ? undefined : row.last,
  };
}

function keysOf({ businessId, program, since, until, stores }: HistoryQuery) {
  return {
    business: toUuid(businessId),
    program: toUuid(program.id),
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    stores: stores.map((store) => toUuid(store.id)),
  };
}

interface Refunded {
  /** By customer: the ids of the sales of the period, in order. */
  saleIds: Map<string, TransactionId[]>;
  /** By customer: of sales of the period. */
  refunds: Map<string, PastRefund[]>;
  /** By card. */
  redeemedAt: Map<string, number[]>;
  /** By card: what refunds of earlier sales did. */
  earlier: Map<string, Movement[]>;
}

/** What else must be known of cards with refunds; asks nothing where there were none. */
async function readRefunded(
  client: Queryable,
  query: HistoryQuery,
  { refunded_cards: cards, refunded_customers: customers }: sql.PageRow,
): Promise<Refunded | undefined> {
  if (!cards || !customers) return undefined;
  const { business, program, since, until, stores } = keysOf(query);
  const refunded: Refunded = {
    saleIds: new Map(),
    refunds: new Map(),
    redeemedAt: new Map(),
    earlier: new Map(),
  };
  const [{ rows }, { rows: redemptions }] = await Promise.all([
    client.query<sql.RefundRow>({
      ...sql.readRefunds,
      values: [business, customers, since, until, stores],
    }),
    client.query<{ card_id: string; at: number }>({
      ...sql.readRedemptions,
      values: [business, cards, since, until],
    }),
  ]);
  for (const { card_id, at } of redemptions) push(refunded.redeemedAt, card_id, at);
  const ofEarlier = sortRefunds(rows, refunded);
  if (ofEarlier.length === 0) return refunded;
  const { rows: moves } = await client.query<sql.MoveRow>({
    ...sql.readEarlierRefunds,
    values: [business, program, ofEarlier],
  });
  for (const { card_id, ...move } of moves) push(refunded.earlier, card_id, move);
  return refunded;
}

/** @returns refunds of sales from before the period, by their own ids */
function sortRefunds(rows: readonly sql.RefundRow[], { saleIds, refunds }: Refunded): string[] {
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

/**
 * Each card when it is asked for, out of the page's text: what lives no longer than its judging is
 * collected for nothing.
 */
function* historiesOf(
  cards: string,
  stores: readonly Store[],
  refunded: Refunded | undefined,
): Generator<CardHistory> {
  for (const text of cards.split(sql.CARD_SEPARATOR)) {
    const card = JSON.parse(text) as sql.CardRow;
    const history = toHistory(card, stores);
    yield refunded ? withRefunds(history, card, refunded) : history;
  }
}

function toHistory(card: sql.CardRow, stores: readonly Store[]): CardHistory {
  const { earned, rewards, rewards_cost: rewardsCost, closing } = card;
  return {
    cardId: fromUuid('crd', card.id),
    customerId: fromUuid('cus', card.customer_id),
    openingBalance: card.opening,
    ...(card.opening_debt > 0 && { openingDebt: card.opening_debt }),
    versionNumber: card.version_number,
    purchases: card.receipts?.map((receipt, i) => toPurchase(receipt, i, card, stores)) ?? [],
    movements: card.moves ?? [],
    actual: { earned, rewards, rewardsCost, balance: closing },
  };
}

function toPurchase(
  { currency, total, taxIncluded, lines, discounts, tenders }: Receipt,
  place: number,
  { stores: places, times, dates }: sql.CardRow,
  stores: readonly Store[],
): Purchase {
  const store = stores[places?.[place] ?? -1];
  const [occurredAt, businessDate] = [times?.[place], dates?.[place]];
  if (!store || occurredAt === undefined || businessDate === undefined)
    throw new Error('a sale at a store that was not asked for');
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

function withRefunds(history: CardHistory, card: sql.CardRow, refunded: Refunded): CardHistory {
  const { saleIds, refunds, redeemedAt, earlier } = refunded;
  const moves = [...history.movements, ...(earlier.get(card.id) ?? [])];
  const movements = moves.sort((a, b) => a.at - b.at);
  const refundsOf = refunds.get(card.customer_id);
  if (!refundsOf) return { ...history, movements };
  return {
    ...history,
    movements,
    refunds: refundsOf,
    saleIds: saleIds.get(card.customer_id) ?? [],
    redeemedAt: redeemedAt.get(card.id) ?? [],
  };
}
