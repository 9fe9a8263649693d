import { type CatchingUp, type Backlog, startCatchingUp } from './backlog.ts';
import { type Destination, inBatches, type OutboxRow, tell, wantedOf } from './destination.ts';

/** Rows that a destination was not given. */
export interface Leftover {
  destination: string;
  rows: readonly OutboxRow[];
}

/** The transaction in which rows leave the outbox. */
export interface Leaving<Client> {
  /** Runs `work` on the transaction's connection so that its failure undoes only itself. One at a time. */
  apart(work: (client: Client) => Promise<void>): Promise<void>;
}

export interface Outbox<Client> {
  /**
   * Claims up to `limit` rows that no other relay holds and hands them to `send`; when it resolves,
   * removes them and keeps what it says was left. When it throws, or the process dies, the rows are
   * there again.
   * @returns how many rows left
   */
  drain(
    limit: number,
    send: (rows: readonly OutboxRow[], leaving: Leaving<Client>) => Promise<readonly Leftover[]>,
  ): Promise<number>;
  /** Calls back soon after something new was committed. */
  onNews(listener: () => void): void;
  readonly backlog: Backlog<Client>;
}

export interface RelayOptions<Client> {
  outbox: Outbox<Client>;
  destinations: readonly Destination<Client>[];
  /** Rows claimed at once. */
  batchSize: number;
  /** Looks without being told this often: a notification can be missed. */
  pollMs: number;
  /** After a first failure; doubled by each that follows. */
  retryMs: number;
  /**
   * How long the others wait for one that takes its rows slowly; what it was not given by then, it is
   * given from the backlog.
   */
  patienceMs: number;
  onError: (error: unknown, destination?: string) => void;
}

/**
 * Carries facts from the outbox to every destination, at least once. It never remembers a position:
 * rows commit out of order, and a row that commits late would be passed over. A destination that is
 * away or slow delays nobody: its rows wait in a backlog of its own.
 * @returns stop: resolves when the batches under way have left
 */
export function startRelay<Client>(options: RelayOptions<Client>): { stop: () => Promise<void> } {
  const { outbox, destinations } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Whether something was committed that the batch under way may not have seen. */
  let isNews = false;
  let wake = () => undefined as void;
  outbox.onNews(() => {
    isNews = true;
    wake();
  });
  const behind = startCatchingUp({ ...options, backlog: outbox.backlog, signal });

  const idle = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function drain(): Promise<number> {
    let left: HandedOut[] = [];
    const sent = await outbox.drain(options.batchSize, async (rows, leaving) => {
      const handedOut = await Promise.all(
        destinations.map((destination) => handOut({ destination, rows, leaving, behind, options })),
      );
      left = handedOut.filter(({ rows }) => rows.length > 0);
      return left;
    });
    // Not before the commit: there would be nothing in the backlog yet, and it would seem to be done.
    for (const { destination, hasFailed } of left) behind.fell(destination, { hasFailed });
    return sent;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        isNews = false;
        const sent = await drain();
        const isDone = sent < options.batchSize && !isNews;
        if (isDone && !signal.aborted) await idle(options.pollMs);
      } catch (error) {
        options.onError(error);
        if (!signal.aborted) await idle(options.retryMs);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      wake();
      await Promise.all([running, behind.stopped()]);
    },
  };
}

interface HandedOut extends Leftover {
  hasFailed: boolean;
}

/**
 * Gives one destination its rows, batch by batch, until all are given, one fails, or patience ends.
 * One that is behind is given none: it has older ones to take first, and would fail again.
 */
async function handOut<Client>(work: {
  destination: Destination<Client>;
  rows: readonly OutboxRow[];
  leaving: Leaving<Client>;
  behind: CatchingUp;
  options: Pick<RelayOptions<Client>, 'patienceMs' | 'onError'>;
}): Promise<HandedOut> {
  const { destination, leaving, behind, options } = work;
  const { name } = destination;
  const rows = wantedOf(destination, work.rows);
  if (behind.isBehind(name)) return { destination: name, rows, hasFailed: false };
  const until = performance.now() + options.patienceMs;
  let given = 0;
  let hasFailed = false;
  for (const batch of inBatches(destination, rows)) {
    try {
      if (destination.transactional) {
        await leaving.apart((client) => destination.deliver(batch, { client }));
      } else {
        await tell(destination, batch);
      }
    } catch (error) {
      options.onError(error, name);
      hasFailed = true;
      break;
    }
    given += batch.length;
    if (performance.now() > until) break;
  }
  return { destination: name, rows: given === 0 ? rows : rows.slice(given), hasFailed };
}
