import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { BusinessId } from '../../domain/values/ids.ts';
import type { OnProgress } from '../../infra/local/progress.ts';
import { startStack } from '../../infra/local/stack.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { countEndedJobs } from '../ledger-check.ts';

/** Where a replay goes. */
export type Site = {
  readonly edgeUrl: string;
  /** The database behind that edge, as its owner: each replay sets up a business of its own. */
  readonly ownerUrl: string;
  /** A key that may set up; with it replays go through the API alone, and `ownerUrl` is empty. */
  readonly adminKey?: string;
};

/** What every replay is given. */
export type ReplayContext = Site & { readonly dataDir: string; readonly onProgress: OnProgress };

/**
 * Starts a stack in a temporary folder, with two workers, so that one card's sales meet in both.
 * `stop` takes everything away again.
 */
export async function startThrowAwaySite(options: {
  readonly durable: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}): Promise<Site & { stop(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'regulars-replay-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    const stack = await startStack({
      ...options,
      dir,
      processes: ['edge', 'worker', 'worker', 'relay'],
      env: { POS_REQUESTS_PER_MINUTE: '10000000' },
    });
    const stop = () => stack.stop().finally(remove);
    // By its address: a name that leads to two would be tried in turn for each connection.
    const edgeUrl = stack.edgeUrl.replace('localhost', '127.0.0.1');
    return { edgeUrl, ownerUrl: stack.postgresUrl, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

const POLL_MS = 100;
const PATIENCE_MS = 120_000;

/** Waits until so many jobs of a business have ended. @throws Error when none ends for two minutes */
export async function waitForJobs(
  site: Pick<ReplayContext, 'ownerUrl' | 'onProgress'>,
  wanted: { readonly businessId: BusinessId; readonly count: number; readonly text: string },
): Promise<void> {
  const { count: total, text } = wanted;
  let done = 0;
  for (let lastMoveMs = Date.now(); done < total;) {
    const counts = await countEndedJobs(site.ownerUrl, wanted.businessId);
    const ended = counts.completed + counts.declined + counts.failed;
    if (ended > done) lastMoveMs = Date.now();
    if (Date.now() - lastMoveMs > PATIENCE_MS) throw new Error(`${ended} of ${total} jobs ended`);
    done = ended;
    site.onProgress({ kind: 'part', text, done: Math.min(done, total), total });
    if (done < total) await pause(POLL_MS);
  }
}

export type CardState = {
  readonly code: string;
  /** Whole stamps or points. */
  readonly balance: number;
  /** Those that a refund took back do not count. */
  readonly rewards: number;
};

/** Every card of a business, by its code. */
export async function readCards(
  ownerUrl: string,
  businessId: BusinessId,
): Promise<ReadonlyMap<string, CardState>> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<CardState>(
      `SELECT c.code, (c.balance / CASE p.unit WHEN 'point' THEN 1000000 ELSE 1 END)::int AS balance,
              (SELECT count(*)::int FROM loyalty.issued_rewards r
                WHERE r.business_id = c.business_id AND r.card_id = c.id
                  AND r.status <> 'revoked') AS rewards
         FROM loyalty.cards c
         JOIN loyalty.programs p ON p.business_id = c.business_id AND p.id = c.program_id
        WHERE c.business_id = $1`,
      [toUuid(businessId)],
    );
    return new Map(rows.map((row) => [row.code, row]));
  } finally {
    await client.end();
  }
}

/** Works through items, so many at once, each worker taking the next. */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const drain = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, drain));
}
