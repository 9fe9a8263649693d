import type { PurchaseQuery } from '../../domain/earning/purchase-store.ts';
import {
  counterId,
  countersOf,
  type LoadedFacts,
  NO_ANSWERS,
  questionsOf,
  type SaleAnswers,
  type SaleQuestions,
} from '../../domain/earning/sale-facts.ts';
import type { CounterKey } from '../../domain/ledger/book-entry.ts';
import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import type { Configs } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement, type Statement } from './statement.ts';
import {
  type CounterRow,
  type EarningFactsRow,
  findEarningFacts,
} from './statements/earning-facts.ts';
import type { CardRow } from './statements/select-cards.ts';

interface Asked {
  ordinal: number;
  businessId: BusinessId;
  customerId: CustomerId | undefined;
  questions: SaleQuestions;
  answers: SaleAnswers;
}

/**
 * What promotions, levels and staff caps of a batch need to know: at most one statement for
 * customers and one for shared counters, and none where no set-up asks. Counters come last, so that
 * whoever waits for one holds all other locks already, and nobody waits in a ring.
 */
export async function loadEarningFacts(
  client: Queryable,
  batch: {
    queries: readonly PurchaseQuery[];
    customerIds: ReadonlyMap<number, CustomerId>;
    cardRows: readonly CardRow[];
    configs: Configs;
    counters: Statement;
  },
): Promise<LoadedFacts | undefined> {
  const asked: Asked[] = [];
  for (const [ordinal, query] of batch.queries.entries()) {
    const config = batch.configs.get(query.businessId);
    // Who is not known earns nothing, so nothing is asked.
    if (!config || !query.customer) continue;
    const { businessId } = query;
    const customerId = batch.customerIds.get(ordinal);
    for (const questions of questionsOf(config, query)) {
      asked.push({ ordinal, businessId, customerId, questions, answers: NO_ANSWERS });
    }
  }
  if (asked.length === 0) return undefined;
  await answerCustomers(client, asked, batch.cardRows);
  return { sales: bySale(asked), counters: await loadCounters(client, asked, batch.counters) };
}

function bySale(asked: readonly Asked[]): LoadedFacts['sales'] {
  const sales = new Map<number, Asked[]>();
  for (const one of asked) {
    const known = sales.get(one.ordinal);
    if (known) known.push(one);
    else sales.set(one.ordinal, [one]);
  }
  return sales;
}

async function answerCustomers(
  client: Queryable,
  asked: readonly Asked[],
  cardRows: readonly CardRow[],
): Promise<void> {
  const cards = new Map(cardRows.map((row) => [`${row.customer_id} ${row.program_id}`, row.id]));
  const byKey = new Map<string, Asked>();
  const wanted = asked.flatMap((one) => {
    const { ordinal, businessId, customerId, questions } = one;
    const { limits, tier, asksFirstPurchase, asksCustomer } = questions;
    const asksBooks = limits.length > 0 || tier || asksFirstPurchase || asksCustomer;
    if (!customerId || !asksBooks) return [];
    const customer_id = toUuid(customerId);
    const program_id = toUuid(questions.programId);
    byKey.set(`${ordinal} ${program_id}`, one);
    return [
      {
        ordinal,
        business_id: toUuid(businessId),
        program_id,
        customer_id,
        card_id: cards.get(`${customer_id} ${program_id}`) ?? null,
        asks_first: asksFirstPurchase,
        asks_customer: asksCustomer,
        limits: limits.map(({ promotionId, period }) => ({
          promotion_id: toUuid(promotionId),
          since: period.from ?? '-infinity',
          until: period.to ?? 'infinity',
        })),
        tier_from: tier?.window.from ?? null,
        tier_to: tier?.window.to ?? null,
      },
    ];
  });
  const rows = await runStatement<EarningFactsRow>(client, findEarningFacts, wanted);
  for (const row of rows) {
    const one = byKey.get(`${row.ordinal} ${row.program_id}`);
    if (one) one.answers = toAnswers(row);
  }
}

function toAnswers(row: EarningFactsRow): SaleAnswers {
  return {
    hasBought: row.has_bought ?? false,
    birthday: row.birthday,
    tags: row.tags ?? [],
    uses: new Map(Object.entries(row.uses ?? {}).map(([id, uses]) => [fromUuid('prm', id), uses])),
    progress: { earned: row.earned ?? 0, spend: row.spend ?? 0 },
    history: (row.history ?? []).map((holding) => ({
      level: holding.level,
      since: Date.parse(holding.since),
      until: Date.parse(holding.until),
      noticedAt: holding.noticedAt === null ? null : Date.parse(holding.noticedAt),
    })),
  };
}

async function loadCounters(
  client: Queryable,
  asked: readonly Asked[],
  statement: Statement,
): Promise<LoadedFacts['counters']> {
  const wanted = new Map<string, { business_id: string; key: CounterKey }>();
  for (const { businessId, questions } of asked) {
    for (const key of countersOf(questions)) {
      wanted.set(counterId(businessId, key), { business_id: toUuid(businessId), key });
    }
  }
  const rows = await runStatement<CounterRow>(client, statement, [...wanted.values()]);
  return new Map(
    rows.map((row) => [
      counterId(fromUuid('biz', row.business_id), row.key as CounterKey),
      { used: row.used, ceiling: row.ceiling },
    ]),
  );
}
