export interface BatcherOptions<Item, Outcome> {
  /** Does all items at once; resolves to one outcome per item, in order, or throws for all. */
  process: (items: readonly Item[]) => Promise<Outcome[]>;
  /** Largest batch. */
  maxSize: number;
  /** Batches under way at once at most; each holds a database connection. */
  maxConcurrent: number;
  /**
   * How long the first item waits for company when nothing is under way and the last batch had any;
   * an item that comes alone is begun at once.
   */
  lingerMs: number;
  /** How long an item waits for the batch under way before a second one is begun beside it. */
  patienceMs: number;
  /** Whether an error says that nothing is wrong with the items, only that the store is away. */
  isOutage: (error: unknown) => boolean;
  /** Which items of a batch have to wait for somebody else, when that is why it failed. */
  busyOnes?: (error: unknown) => readonly number[] | undefined;
  /** Pauses between tries during an outage, in milliseconds; when they are used up, items fail. */
  outageRetriesMs: readonly number[];
  sleep: (ms: number) => Promise<void>;
  onBatch?: (batch: { size: number; milliseconds: number }) => void;
}

export interface Batcher<Item, Outcome> {
  /** Resolves with the item's own outcome; rejects only for the item's own failure or an outage. */
  submit(item: Item): Promise<Outcome>;
}

interface Pending<Item, Outcome> {
  item: Item;
  since: number;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

const MAX_APART = 2;

/**
 * Gathers items that arrive together into one piece of work (the DataLoader pattern), because a
 * commit costs about the same for one purchase as for a hundred. A batch that fails is done again
 * one by one, so that a bad item never fails its neighbours.
 *
 * While a batch is under way the next one gathers, and begins when it is full, when the first has
 * ended, or when its first item has lost patience. Beginning earlier would be slower: a queue hands
 * its jobs over in a trickle, and two small batches keep each other small for ever.
 * During an outage the batch waits and tries again: the items did nothing wrong and keep their tries.
 * Items that have to wait for somebody else's lock go their own way, and the others do not wait for them.
 */
export function createBatcher<Item, Outcome>(
  options: BatcherOptions<Item, Outcome>,
): Batcher<Item, Outcome> {
  const waiting: Pending<Item, Outcome>[] = [];
  let underWay = 0;
  let lastSize = 1;
  let timer: NodeJS.Timeout | undefined;

  function startBatches(): void {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0 && underWay < options.maxConcurrent) {
      const waitMs = underWay === 0 ? 0 : msUntilImpatient();
      if (waitMs > 0 && waiting.length < options.maxSize) {
        timer = setTimeout(startBatches, waitMs);
        return;
      }
      underWay += 1;
      const batch = waiting.splice(0, options.maxSize);
      lastSize = batch.length;
      void settle(batch).finally(() => {
        underWay -= 1;
        startBatches();
      });
    }
  }

  function msUntilImpatient(): number {
    const since = waiting[0]?.since ?? 0;
    return Math.ceil(since + options.patienceMs - performance.now());
  }

  // Those who wait for somebody hold up only each other.
  const { busyOnes, ...ofOthers } = options;
  const apart = busyOnes
    ? createBatcher({ ...ofOthers, maxSize: 1, maxConcurrent: MAX_APART })
    : undefined;

  async function settle(batch: readonly Pending<Item, Outcome>[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const outcomes = await processThroughOutages(batch);
      batch.forEach((pending, i) => pending.resolve(outcomes[i] as Outcome));
    } catch (error) {
      const busy = batch.length > 1 ? busyOnes?.(error) : undefined;
      if (apart && busy) {
        for (const i of busy) {
          const { item, resolve, reject } = batch[i] as Pending<Item, Outcome>;
          apart.submit(item).then(resolve, reject);
        }
        const free = batch.filter((_, i) => !busy.includes(i));
        if (free.length > 0) await settle(free);
        return;
      }
      if (batch.length === 1 || options.isOutage(error)) {
        for (const pending of batch) pending.reject(error);
      } else {
        for (const pending of batch) await settle([pending]);
      }
    }
    options.onBatch?.({ size: batch.length, milliseconds: performance.now() - startedAt });
  }

  async function processThroughOutages(
    batch: readonly Pending<Item, Outcome>[],
  ): Promise<Outcome[]> {
    const items = batch.map((pending) => pending.item);
    for (const pauseMs of options.outageRetriesMs) {
      try {
        return await processAll(items);
      } catch (error) {
        if (!options.isOutage(error)) throw error;
        await options.sleep(pauseMs);
      }
    }
    return processAll(items);
  }

  async function processAll(items: readonly Item[]): Promise<Outcome[]> {
    const outcomes = await options.process(items);
    if (outcomes.length !== items.length) {
      throw new Error(`${items.length} items gave ${outcomes.length} outcomes`);
    }
    return outcomes;
  }

  return {
    submit: (item) =>
      new Promise<Outcome>((resolve, reject) => {
        waiting.push({ item, since: performance.now(), resolve, reject });
        if (waiting.length >= options.maxSize) startBatches();
        else if (underWay > 0) timer ??= setTimeout(startBatches, options.patienceMs);
        else if (lastSize > 1) timer ??= setTimeout(startBatches, options.lingerMs);
        // Those who come in the same turn of the event loop still go together.
        else if (waiting.length === 1) setImmediate(startBatches);
      }),
  };
}
