import {
  type LoadedSightings,
  type NewcomerSale,
  watchedKey,
  watchReachMs,
} from '../../domain/fraud/sightings.ts';
import type { BusinessId, CustomerId, JobId, StaffId, StoreId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { Configs } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { insertSightings, noteSightings, type SightingRow } from './statements/sightings.ts';

/** A sale, or stamps given by hand, with who of whom is known. */
export interface WatchedSale {
  businessId: BusinessId;
  jobId: JobId;
  storeId: StoreId;
  staffId?: StaffId | undefined;
  /** Null for a sale without a customer; undefined for one whom nobody knows yet. */
  customerId: CustomerId | null | undefined;
  occurredAt: Instant;
  totalMinor: number | null;
}

interface Scope {
  business_id: string;
  kind: SightingRow['kind'];
  id: string;
  ordinal: number;
  staff_id?: string;
  since: number;
  until: number;
}

/**
 * What the programs of a batch watch, and notes its sales as seen: one statement, and none where
 * nobody watches and no sale names its staff.
 */
export async function loadSightings(
  client: Queryable,
  batch: {
    sales: readonly WatchedSale[];
    configs: Configs;
    isNew: (ordinal: number) => boolean;
  },
): Promise<LoadedSightings | undefined> {
  const scopes = new Map<string, Scope>();
  const sales: object[] = [];
  for (const [ordinal, sale] of batch.sales.entries()) {
    const { businessId, customerId, staffId, storeId, occurredAt } = sale;
    const config = batch.configs.get(businessId);
    // A sale for nobody earns nothing.
    if (!config || customerId === null) continue;
    const reachMs = watchReachMs(config, storeId);
    if ((reachMs === 0 && !staffId) || !batch.isNew(ordinal)) continue;
    const business_id = toUuid(businessId);
    if (staffId && customerId) {
      const own = { business_id, kind: 'own', id: toUuid(customerId), ordinal } as const;
      const staff_id = toUuid(staffId);
      scopes.set(`own ${ordinal}`, { ...own, staff_id, since: occurredAt, until: occurredAt });
    }
    if (reachMs === 0) continue;
    const watched = [
      ['card', customerId],
      ['staff', staffId],
      ['store', storeId],
    ] as const;
    for (const [kind, id] of watched) {
      if (!id) continue;
      const key = `${businessId} ${id}`;
      const known = scopes.get(key);
      const since = Math.min(known?.since ?? Infinity, occurredAt - reachMs);
      const until = Math.max(known?.until ?? -Infinity, occurredAt + reachMs);
      scopes.set(key, { business_id, kind, id: toUuid(id), ordinal, since, until });
    }
    // Whom the sale enrols has no id yet; they are noted with it.
    if (customerId) sales.push(sightingRow({ ...sale, customerId }));
  }
  if (scopes.size === 0) return undefined;
  const wanted = [...scopes.values()].map(({ since, until, ...scope }) => ({
    ...scope,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
  }));
  return toSightings(
    await runStatement<SightingRow>(client, noteSightings, [{ scopes: wanted, sales }]),
  );
}

type Sighted = Omit<NewcomerSale, 'staffId' | 'totalMinor'> & {
  staffId?: StaffId | null | undefined;
  totalMinor: number | null;
};

/** Notes sales that enrolled their customers. */
export async function noteNewcomers(
  client: Queryable,
  newcomers: readonly NewcomerSale[],
): Promise<void> {
  await runStatement(client, insertSightings, newcomers.map(sightingRow));
}

function sightingRow(sale: Sighted) {
  const { businessId, jobId, storeId, customerId, staffId = null, occurredAt, totalMinor } = sale;
  return {
    business_id: toUuid(businessId),
    job_id: toUuid(jobId),
    store_id: toUuid(storeId),
    customer_id: toUuid(customerId),
    staff_id: staffId && toUuid(staffId),
    occurred_at: new Date(occurredAt).toISOString(),
    total_minor: totalMinor,
  };
}

const PREFIXES = { card: 'cus', staff: 'stf', store: 'sto' } as const;

function toSightings(rows: readonly SightingRow[]): LoadedSightings {
  const times = new Map<string, readonly number[]>();
  const usual = new Map<string, { sales: number; totalMinor: number }>();
  const ownCards = new Set<number>();
  for (const row of rows) {
    if (row.kind === 'own') {
      if (row.own) ownCards.add(row.ordinal);
      continue;
    }
    const key = watchedKey(fromUuid('biz', row.business_id), fromUuid(PREFIXES[row.kind], row.id));
    times.set(key, row.times ?? []);
    if (row.kind === 'store') usual.set(key, { sales: row.sales, totalMinor: row.total });
  }
  return { times, usual, ownCards };
}
