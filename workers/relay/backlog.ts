import { setTimeout as sleep } from 'node:timers/promises';
import { type Destination, type OutboxRow, tell, wantedOf } from './destination.ts';

export interface BacklogRow extends OutboxRow {
  /** Tries from the backlog, this one too. */
  attempts: number;
}

/** What destinations were not given at once. */
export interface Backlog<Client> {
  /** Which of these destinations have rows that are due. */
  findDue(destinations: readonly string[]): Promise<string[]>;
  /** Rows that are due and were tried less often than `belowAttempts`, for nobody else for `leaseMs`. */
  claim(
    destination: string,
    wish: { belowAttempts: number; limit: number; leaseMs: number },
  ): Promise<readonly BacklogRow[]>;
  /** Removes rows, in the transaction in which `deliver` writes, if there is one. */
  remove(
    destination: string,
    rows: readonly OutboxRow[],
    deliver?: (client: Client) => Promise<void>,
  ): Promise<void>;
  /** Makes rows due again after a while. */
  postpone(destination: string, rows: readonly OutboxRow[], delayMs: number): Promise<void>;
}

export interface CatchingUp {
  isBehind(destination: string): boolean;
  /** It was not given its rows, and from now on takes them from the backlog until that is empty. */
  fell(destination: string, why: { hasFailed: boolean }): void;
  /** Resolves when no batch is under way; after the signal. */
  stopped(): Promise<void>;
}

export interface CatchingUpOptions<Client> {
  backlog: Backlog<Client>;
  destinations: readonly Destination<Client>[];
  /** Looks this often for rows that another relay has left. */
  pollMs: number;
  retryMs: number;
  onError: (error: unknown, destination?: string) => void;
  signal: AbortSignal;
}

/** Longer than any call may take, so that no two relays try the same row at once. */
const LEASE_MS = 30_000;
const BATCH_SIZE = 100;
/** A destination that is back is noticed within this. */
const MAX_PAUSE_MS = 15_000;
const MAX_ROW_PAUSE_MS = 60_000;
/** What has failed so often goes alone, so that it takes no others with it. */
const TOGETHER_ATTEMPTS = 3;
const POLLS_PER_LOOK = 5;

/** Gives each destination that fell behind what it missed, at its own pace, with growing pauses. */
export function startCatchingUp<Client>(options: CatchingUpOptions<Client>): CatchingUp {
  const { backlog, signal } = options;
  const destinations = new Map(options.destinations.map((each) => [each.name, each]));
  const running = new Map<string, Promise<void>>();

  function fell(name: string, { hasFailed }: { hasFailed: boolean }): void {
    const destination = destinations.get(name);
    if (!destination || running.has(name) || signal.aborted) return;
    running.set(
      name,
      catchUp(destination, hasFailed ? 1 : 0).finally(() => running.delete(name)),
    );
  }

  async function catchUp(destination: Destination<Client>, failuresBefore: number): Promise<void> {
    let failures = failuresBefore;
    while (!signal.aborted) {
      if (failures > 0) await pause(growing(options.retryMs, failures, MAX_PAUSE_MS), signal);
      if (signal.aborted) return;
      try {
        const given = await giveSome(destination);
        if (given === 0) return;
        failures = 0;
      } catch (error) {
        options.onError(error, destination.name);
        failures += 1;
      }
    }
  }

  /** @returns how many; 0 when nothing is due. @throws when they were not taken, or the database is away */
  async function giveSome(destination: Destination<Client>): Promise<number> {
    const { name } = destination;
    const batch = { limit: destination.batchSize ?? BATCH_SIZE, leaseMs: LEASE_MS };
    let rows = await backlog.claim(name, { ...batch, belowAttempts: TOGETHER_ATTEMPTS });
    if (rows.length === 0) {
      const anyOne = { ...batch, limit: 1, belowAttempts: Number.MAX_SAFE_INTEGER };
      rows = await backlog.claim(name, anyOne);
    }
    try {
      if (rows.length > 0) await give(destination, rows);
    } catch (error) {
      const attempts = Math.max(...rows.map((row) => row.attempts));
      await backlog.postpone(name, rows, growing(options.retryMs, attempts, MAX_ROW_PAUSE_MS));
      throw error;
    }
    return rows.length;
  }

  async function give(destination: Destination<Client>, rows: readonly BacklogRow[]) {
    const wanted = wantedOf(destination, rows);
    if (destination.transactional) {
      const deliver = (client: Client) => destination.deliver(wanted, { client });
      return backlog.remove(destination.name, rows, wanted.length > 0 ? deliver : undefined);
    }
    if (wanted.length > 0) await tell(destination, wanted);
    return backlog.remove(destination.name, rows);
  }

  /** Rows that were there before this relay, or that come due after their pause. */
  async function look(): Promise<void> {
    while (!signal.aborted) {
      try {
        const current = [...destinations.keys()].filter((name) => !running.has(name));
        for (const name of await backlog.findDue(current)) fell(name, { hasFailed: false });
      } catch (error) {
        options.onError(error);
      }
      await pause(options.pollMs * POLLS_PER_LOOK, signal);
    }
  }

  const looking = look();
  return {
    isBehind: (name) => running.has(name),
    fell,
    async stopped() {
      await Promise.all([looking, ...running.values()]);
    },
  };
}

/** `firstMs`, doubled with each failure after the first. */
function growing(firstMs: number, failures: number, mostMs: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), mostMs);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
