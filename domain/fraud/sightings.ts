import type { BusinessConfig, RecordedPurchase } from '../earning/decide-purchase.ts';
import { participates, type Program } from '../programs/program.ts';
import type { Store } from '../tenancy/business.ts';
import type { BusinessId, CustomerId, JobId, ProgramId, StaffId, StoreId } from '../values/ids.ts';
import { type Instant, MINUTE_MS } from '../values/time.ts';
import { type FraudRules, isOn, type Suspicion } from './rules.ts';
import { type FraudFacts, suspectSale } from './suspect.ts';

/** What is watched: a customer's sales, a member of staff's, or a store's. */
export type Watched = CustomerId | StaffId | StoreId;

/** What was read for a batch of sales. */
export interface LoadedSightings {
  /** When others were seen, by who or where; the key is `watchedKey`'s. */
  times: ReadonlyMap<string, readonly Instant[]>;
  /** Of stores' latest sales. */
  usual: ReadonlyMap<string, { sales: number; totalMinor: number }>;
  /** Sales that whoever rang them up rang up for themselves, by the sale's place in the batch. */
  ownCards: ReadonlySet<number>;
}

/** A sale, or stamps given by hand, as far as somebody watches. */
export interface Sighting {
  businessId: BusinessId;
  customerId: CustomerId | null;
  staffId: StaffId | null;
  storeId: StoreId;
  occurredAt: Instant;
}

/** A watched sale that enrolled its customer. */
export interface NewcomerSale extends Sighting {
  jobId: JobId;
  customerId: CustomerId;
  /** Minor units. */
  totalMinor: number;
}

/** Names who or where is watched across businesses. */
export function watchedKey(businessId: BusinessId, watched: Watched): string {
  return `${businessId} ${watched}`;
}

/** How far from a sale, either way, another can matter to the rules of its store's programs; 0: none does. */
export function watchReachMs(config: BusinessConfig, storeId: StoreId): number {
  if (!watches(config)) return 0;
  const store = config.stores.find(({ id }) => id === storeId);
  if (!store) return 0;
  return Math.max(0, ...config.programs.map((program) => reachOf(program, store) * MINUTE_MS));
}

function reachOf(program: Program, store: Store): number {
  const { fraud } = program;
  if (!fraud || !participates(program, store)) return 0;
  const { cardVelocity, staffVelocity, storeVelocity, outlier } = fraud;
  const minutes = [cardVelocity, staffVelocity, storeVelocity].map((rule) =>
    isOn(rule) ? rule.withinMinutes : 0,
  );
  const asksUsual = isOn(outlier) && outlier.timesUsual !== undefined;
  return Math.max(asksUsual ? 1 : 0, ...minutes);
}

const watchingConfigs = new WeakMap<BusinessConfig, boolean>();

/** Looked up once a set-up, so that businesses that watch nothing pay for one look-up a sale. */
export function watches(config: BusinessConfig): boolean {
  let known = watchingConfigs.get(config);
  if (known === undefined) {
    known = config.programs.some(({ fraud }) => fraud !== null && fraud !== undefined);
    watchingConfigs.set(config, known);
  }
  return known;
}

/**
 * The sightings that sales of one batch are judged by: what was read, and the batch's own sales before.
 * Of sales that other batches are recording right now only those of the same customer are seen, whose
 * cards they lock; a rule of staff or stores may find out one sale late, and never blocks anybody.
 */
export class SightingsSoFar {
  readonly #loaded: LoadedSightings | undefined;
  readonly #here = new Map<string, Instant[]>();

  constructor(loaded: LoadedSightings | undefined) {
    this.#loaded = loaded;
  }

  isOwnCard(ordinal: number): boolean {
    return this.#loaded?.ownCards.has(ordinal) ?? false;
  }

  /** What each program finds in a sale that gave it something. */
  suspect(decided: RecordedPurchase, sighting: Sighting): Map<ProgramId, Suspicion[]> {
    const found = new Map<ProgramId, Suspicion[]>();
    for (const { program, earned } of decided.cards) {
      if (!program.fraud || earned === 0) continue;
      const suspicions = this.judge(program.fraud, sighting, decided.purchase);
      if (suspicions.length > 0) found.set(program.id, suspicions);
    }
    return found;
  }

  judge(
    rules: FraudRules,
    sighting: Sighting,
    what: { store: Store; total?: number; currency?: string },
  ): Suspicion[] {
    const { store, total, currency } = what;
    const sale = {
      occurredAt: sighting.occurredAt,
      zone: store.zone,
      total:
        total === undefined || currency === undefined ? undefined : { amount: total, currency },
    };
    return suspectSale(rules, sale, this.#factsOf(sighting));
  }

  /** Takes over a sale. */
  see(sighting: Sighting): void {
    const { businessId, customerId, staffId, storeId, occurredAt } = sighting;
    for (const watched of [customerId, staffId, storeId]) {
      if (watched === null) continue;
      const key = watchedKey(businessId, watched);
      const times = this.#here.get(key);
      if (times) times.push(occurredAt);
      else this.#here.set(key, [occurredAt]);
    }
  }

  #factsOf({ businessId, customerId, staffId, storeId }: Sighting): FraudFacts {
    return {
      card: this.#timesOf(businessId, customerId),
      staff: this.#timesOf(businessId, staffId),
      store: this.#timesOf(businessId, storeId),
      usual: this.#loaded?.usual.get(watchedKey(businessId, storeId)) ?? NOTHING_USUAL,
    };
  }

  #timesOf(businessId: BusinessId, watched: Watched | null): readonly Instant[] {
    if (watched === null) return [];
    const key = watchedKey(businessId, watched);
    const loaded = this.#loaded?.times.get(key) ?? [];
    const here = this.#here.get(key);
    return here ? [...loaded, ...here] : loaded;
  }
}

const NOTHING_USUAL = { sales: 0, totalMinor: 0 };
