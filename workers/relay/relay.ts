import type { OutboxEvent } from '../../queues/events/events.ts';

/** One transaction's facts, waiting to leave. */
export interface OutboxRow {
  id: string;
  businessId: string;
  events: readonly OutboxEvent[];
}

/** Someone who must be told; idempotent by event id, because a row may come twice. */
export interface Destination {
  name: string;
  /** Resolves when all rows have arrived; throws to have them sent again. */
  deliver(rows: readonly OutboxRow[]): Promise<void>;
}

export interface Outbox {
  /**
   * Claims up to `limit` rows that no other relay holds, hands them to `send` and removes them when
   * it resolves; when it throws, or the process dies, they are there again.
   * @returns how many rows left
   */
  drain(limit: number, send: (rows: readonly OutboxRow[]) => Promise<void>): Promise<number>;
  /** Calls back soon after something new was committed. */
  onNews(listener: () => void): void;
}

export interface RelayOptions {
  outbox: Outbox;
  destinations: readonly Destination[];
  batchSize: number;
  /** Looks without being told this often: a notification can be missed. */
  pollMs: number;
  retryMs: number;
  onError: (error: unknown) => void;
}

/**
 * Carries facts from the outbox to every destination, at least once. It never remembers a position:
 * rows commit out of order, and a row that commits late would be passed over.
 * @returns stop: resolves when the batch under way has left
 */
export function startRelay(options: RelayOptions): { stop: () => Promise<void> } {
  const { outbox, destinations } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let wake = () => undefined as void;
  outbox.onNews(() => wake());

  const idle = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const sent = await outbox.drain(options.batchSize, async (rows) => {
          await Promise.all(destinations.map((destination) => destination.deliver(rows)));
        });
        if (sent < options.batchSize && !signal.aborted) await idle(options.pollMs);
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
      await running;
    },
  };
}
