import type { OutboxEvent } from '../../queues/events/events.ts';

/** One transaction's facts, waiting to leave. */
export interface OutboxRow {
  id: string;
  businessId: string;
  events: readonly OutboxEvent[];
}

interface Common {
  /** Never changed: what waits for it is kept under this name. */
  readonly name: string;
  /** Rows it takes at once; absent: as many as there are. */
  readonly batchSize?: number;
  /** Which facts it is told of; absent: all. */
  wants?(event: OutboxEvent): boolean;
}

/** Somebody elsewhere who must be told; idempotent by event id, because a row may come twice. */
export interface RemoteDestination extends Common {
  readonly transactional?: false;
  /** How long one call may take: 3 s unless it says otherwise, 10 s at most. */
  readonly timeoutMs?: number;
  /**
   * Resolves when all rows have arrived; throws to have them sent again.
   * @param call.signal aborts when the time is over
   */
  deliver(rows: readonly OutboxRow[], call: { signal: AbortSignal }): Promise<void>;
}

/** Somebody who lives in the outbox's own database, and is told exactly once. */
export interface DatabaseDestination<Client> extends Common {
  readonly transactional: true;
  /**
   * Writes within the transaction that removes the rows, which may see the rows' businesses.
   * Throws to have them written again; what it has written till then is undone.
   */
  deliver(rows: readonly OutboxRow[], call: { client: Client }): Promise<void>;
}

export type Destination<Client = unknown> = RemoteDestination | DatabaseDestination<Client>;

const TIMEOUT_MS = 3_000;

/** Did not answer in its time. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/** Tells one that is elsewhere. @throws TooLateError when its time is over, whatever it still does */
export async function tell(
  destination: RemoteDestination,
  rows: readonly OutboxRow[],
): Promise<void> {
  const { name, timeoutMs = TIMEOUT_MS } = destination;
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TooLateError(`${name} did not answer within ${timeoutMs} ms`);
      reject(error);
      late.abort(error);
    }, timeoutMs);
  });
  try {
    await Promise.race([destination.deliver(rows, { signal: late.signal }), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The rows with what a destination wants of them; rows of which it wants nothing are left out. */
export function wantedOf(
  destination: Destination<never>,
  rows: readonly OutboxRow[],
): readonly OutboxRow[] {
  if (!destination.wants) return rows;
  return rows.flatMap((row) => {
    const events = row.events.filter((event) => destination.wants?.(event));
    if (events.length === row.events.length) return row;
    return events.length > 0 ? { ...row, events } : [];
  });
}

/** Rows in the destination's own batches. */
export function* inBatches(
  destination: Destination<never>,
  rows: readonly OutboxRow[],
): Generator<readonly OutboxRow[]> {
  const { batchSize = Number.POSITIVE_INFINITY } = destination;
  for (let start = 0; start < rows.length; start += batchSize) {
    yield rows.slice(start, start + batchSize);
  }
}
