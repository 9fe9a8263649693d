import type {
  LoadedPurchase,
  LoadedPurchases,
  PurchaseQuery,
} from '../../domain/earning/purchase-store.ts';
import { watches } from '../../domain/fraud/sightings.ts';
import type { Lot } from '../../domain/ledger/lots.ts';
import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import { hasVersion, loadOpenLots, toCard } from './cards.ts';
import type { Configs, createConfigCache } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import { loadSightings } from './load-sightings.ts';
import { loadOffers, type LockStatements } from './load-offers.ts';
import { loadEarningFacts } from './load-earning-facts.ts';
import { loadEarnings } from './load-earnings.ts';
import { findVouchers, loadVouchers } from './load-vouchers.ts';
import { BusyError, LostRaceError, type Queryable } from './pool.ts';
import { runStatement, type Statement } from './statement.ts';
import type { RewardRow } from './statements/find-rewards.ts';
import { findCustomers, type FoundCustomer } from './statements/find-customers.ts';
import { findMerged } from './statements/find-merged.ts';
import { findPurchaseStates, type PurchaseStateRow } from './statements/find-purchase-states.ts';
import { type CardRow, isBusy } from './statements/select-cards.ts';

/**
 * Reads everything a batch of purchases is judged by. Cards come first, under locks where the
 * statement locks, so that what is read after them cannot change before the commit. What does not
 * need another's answer is sent with it: on one connection statements run in the order they are sent.
 */
export async function loadPurchases(
  client: Queryable,
  queries: readonly PurchaseQuery[],
  options: LockStatements & {
    counters: Statement;
    /** How the customers' own cards are read first; default as all others. */
    ownCards?: Statement;
    loadConfigs: ReturnType<typeof createConfigCache>;
    /** Whether to look out for fraud, and note what was seen. */
    watch?: true;
  },
): Promise<LoadedPurchases> {
  const [customerIds, owners] = await Promise.all([
    loadCustomerIds(client, queries),
    findVouchers(client, queries),
  ]);
  const businessIds = queries.map((query) => query.businessId);
  const [locked, configs, states] = await Promise.all([
    loadCardRows(client, { queries, customerIds, owners }, options.ownCards ?? options.cards),
    options.loadConfigs(client, businessIds),
    loadStates(client, queries),
  ]);
  refuseBusy(customerIds, locked);
  await refuseMerged(client, { queries, customerIds, cardRows: locked });
  const fed = await loadOffers(
    client,
    { queries, customerIds, cardRows: locked, configs },
    options,
  );
  const { cardRows } = fed;
  const { counters } = options;
  const [vouchers, lotsByCard, earnings, facts] = await Promise.all([
    owners.length > 0 ? loadVouchers(client, queries) : [],
    loadLots(client, cardRows, configs),
    loadEarnings(client, { queries, customerIds, cardRows, configs }),
    loadEarningFacts(client, { queries, customerIds, cardRows, configs, counters }),
  ]);

  const sightings = options.watch
    ? await watch(client, { queries, customerIds, configs, isNew: newOnes(queries, states) })
    : undefined;

  return {
    purchases: queries.map((query, ordinal) => ({
      config: configs.get(query.businessId),
      customerId: customerIds.get(ordinal),
      ...toState(states[ordinal]),
    })),
    cards: cardRows.map((row) => toCard(row, lotsByCard.get(row.id) ?? [])),
    earnings,
    offers: fed.offers,
    vouchers,
    facts,
    sightings,
  };
}

/** Most businesses watch nothing, so that it is asked first. */
async function watch(
  client: Queryable,
  batch: {
    queries: readonly PurchaseQuery[];
    customerIds: ReadonlyMap<number, CustomerId>;
    configs: Configs;
    isNew: (ordinal: number) => boolean;
  },
): Promise<LoadedPurchases['sightings']> {
  const { queries, customerIds, configs, isNew } = batch;
  const isWatched = ({ staffId, businessId }: PurchaseQuery) => {
    const config = configs.get(businessId);
    return staffId !== undefined || (config !== undefined && watches(config));
  };
  if (!queries.some(isWatched)) return undefined;
  const sales = queries.map(({ totalMinor = null, customer, ...query }, ordinal) => ({
    ...query,
    customerId: customer && customerIds.get(ordinal),
    totalMinor,
  }));
  return loadSightings(client, { sales, configs, isNew });
}

/** Sales that nobody has handled before, each once; by their place in the batch. */
function newOnes(
  queries: readonly PurchaseQuery[],
  states: readonly PurchaseStateRow[],
): (ordinal: number) => boolean {
  let isNew: boolean[] | undefined;
  return (ordinal) => {
    isNew ??= queries.map(unseen(states));
    return isNew[ordinal] ?? false;
  };
}

function unseen(states: readonly PurchaseStateRow[]) {
  const posted = new Set<string>();
  return ({ businessId, integration, externalId }: PurchaseQuery, ordinal: number): boolean => {
    const key = `${businessId} ${integration} ${externalId}`;
    const { finishedJob, recorded } = toState(states[ordinal]);
    const isEnded = finishedJob !== undefined && finishedJob.status !== 'failed';
    if (isEnded || recorded || posted.has(key)) return false;
    posted.add(key);
    return true;
  };
}

async function loadCustomerIds(
  client: Queryable,
  queries: readonly PurchaseQuery[],
): Promise<Map<number, CustomerId>> {
  const wanted = queries.flatMap((query, ordinal) => {
    if (!query.customer) return [];
    const { kind } = query.customer;
    const value = kind === 'customerId' ? toUuid(query.customer.value) : query.customer.value;
    return [{ ordinal, business_id: toUuid(query.businessId), kind, value }];
  });
  const rows = await runStatement<FoundCustomer>(client, findCustomers, wanted);
  return new Map(rows.map((row) => [row.ordinal, fromUuid('cus', row.customer_id)]));
}

async function loadCardRows(
  client: Queryable,
  batch: {
    queries: readonly PurchaseQuery[];
    customerIds: ReadonlyMap<number, CustomerId>;
    /** Rewards whose cards are locked as well: a voucher may be somebody else's. */
    owners: readonly RewardRow[];
  },
  statement: Statement,
): Promise<CardRow[]> {
  const { queries, customerIds, owners } = batch;
  const businessByCustomer = new Map<CustomerId, BusinessId>();
  for (const { customer_id, business_id } of owners) {
    businessByCustomer.set(fromUuid('cus', customer_id), fromUuid('biz', business_id));
  }
  for (const [ordinal, customerId] of customerIds) {
    const query = queries[ordinal];
    if (query) businessByCustomer.set(customerId, query.businessId);
  }
  // In id order, which is the order in which their cards are locked.
  const wanted = [...businessByCustomer]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([customerId, businessId]) => ({
      business_id: toUuid(businessId),
      customer_id: toUuid(customerId),
    }));
  return runStatement<CardRow>(client, statement, wanted);
}

/** @throws BusyError when some cards are another transaction's for now */
function refuseBusy(
  customerIds: ReadonlyMap<number, CustomerId>,
  cardRows: readonly CardRow[],
): void {
  const busy = new Set(
    cardRows.flatMap((row) => (isBusy(row) ? fromUuid('cus', row.customer_id) : [])),
  );
  if (busy.size === 0) return;
  throw new BusyError([...customerIds].flatMap(([i, id]) => (busy.has(id) ? i : [])));
}

/**
 * Somebody without a card may have been merged while we waited for their cards, which are somebody
 * else's now. Only they are asked about: who has a card under our lock cannot be merged.
 * @throws LostRaceError to have all of it read again
 */
async function refuseMerged(
  client: Queryable,
  batch: {
    queries: readonly PurchaseQuery[];
    customerIds: ReadonlyMap<number, CustomerId>;
    cardRows: readonly CardRow[];
  },
): Promise<void> {
  if (batch.customerIds.size === 0) return;
  const holders = new Set(batch.cardRows.map((card) => card.customer_id));
  const wanted = [...batch.customerIds].flatMap(([ordinal, id]) => {
    const query = batch.queries[ordinal];
    if (!query || holders.has(toUuid(id))) return [];
    return [{ business_id: toUuid(query.businessId), id: toUuid(id) }];
  });
  const merged = await runStatement(client, findMerged, wanted);
  if (merged.length > 0) throw new LostRaceError('a customer was merged meanwhile');
}

function loadStates(
  client: Queryable,
  queries: readonly PurchaseQuery[],
): Promise<PurchaseStateRow[]> {
  const wanted = queries.map((query, ordinal) => ({
    ordinal,
    business_id: toUuid(query.businessId),
    job_id: toUuid(query.jobId),
    integration: query.integration,
    external_id: query.externalId,
    ...(query.staffId !== undefined && { staff_id: toUuid(query.staffId) }),
  }));
  return runStatement<PurchaseStateRow>(client, findPurchaseStates, wanted);
}

function toState(
  row: PurchaseStateRow | undefined,
): Pick<LoadedPurchase, 'finishedJob' | 'recorded' | 'staff'> {
  return {
    ...(row?.staff && { staff: row.staff }),
    finishedJob: row?.status
      ? {
          status: row.status,
          transactionId: row.transaction_id === null ? null : fromUuid('txn', row.transaction_id),
          problem: row.problem,
        }
      : undefined,
    recorded:
      row?.recorded_id && row.recorded_request_hash
        ? {
            transactionId: fromUuid('txn', row.recorded_id),
            requestHash: row.recorded_request_hash,
          }
        : undefined,
  };
}

/** Lots matter only where they expire or earning can spend: on minted rewards, or on what is owed. */
function loadLots(
  client: Queryable,
  cards: readonly CardRow[],
  configs: Configs,
): Promise<Map<string, Lot[]>> {
  const spending = cards.filter(
    (card) =>
      card.debt > 0 ||
      hasVersion(
        card,
        configs,
        (v) => v.autoReward !== null || v.expiry.kind !== 'none' || v.pointValueMinor !== undefined,
      ),
  );
  return loadOpenLots(client, spending);
}
