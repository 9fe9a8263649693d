import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { StoreId } from '../../../domain/values/ids.ts';
import { toUuid } from '../../postgres/ids.ts';
import type { OnProgress } from '../progress.ts';
import { currency, homeStore } from './business.ts';
import type { DemoMemory } from './memory.ts';
import type { SliceSale } from './slice.ts';

export type ReplayOptions = {
  readonly ownerUrl: string;
  readonly edgeUrl: string;
  readonly memory: Omit<DemoMemory, 'edition'>;
  readonly sales: readonly SliceSale[];
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
};

const SALES_PER_POST = 250;
const POLL_MS = 100;
const RETRY_MS = 500;
const MAX_TRIES = 60;
const PROGRESS = 'Replaying shop sales';

/**
 * Posts the sales through the batch endpoint, waits until every job has ended, and counts what came
 * of them. Safe to repeat: each sale goes under its invoice number and counts once.
 *
 * @throws Error when a sale is refused, or a job fails
 */
export async function replaySlice(options: ReplayOptions): Promise<Record<string, number>> {
  const { sales, signal, onProgress } = options;
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  const business = toUuid(options.memory.businessId);
  const countEnded = async () => (await countJobs(client, business)).ended;
  try {
    for (let posted = 0; posted < sales.length; posted += SALES_PER_POST) {
      signal.throwIfAborted();
      await postSales(options, sales.slice(posted, posted + SALES_PER_POST));
      tellPart(onProgress, await countEnded(), sales.length);
    }
    for (let ended = 0; ended < sales.length; ended = await countEnded()) {
      tellPart(onProgress, ended, sales.length);
      await pause(POLL_MS, undefined, { signal });
    }
    onProgress({ kind: 'part', text: PROGRESS, done: sales.length, total: sales.length });
    return await countOutcome(client, business);
  } finally {
    await client.end();
  }
}

/** Never the last part: only the end of the wait may close the bar. */
function tellPart(onProgress: OnProgress, ended: number, total: number): void {
  if (ended > 0 && ended < total) onProgress({ kind: 'part', text: PROGRESS, done: ended, total });
}

async function postSales(options: ReplayOptions, sales: readonly SliceSale[]): Promise<void> {
  const transactions = sales.map((sale) => toTransaction(sale, options.memory));
  const { entries } = await postJson(options, { transactions });
  const refused = entries.find((entry) => entry.problem !== undefined);
  if (refused) throw new Error(`The API refused a sale: ${JSON.stringify(refused.problem)}`);
}

function toTransaction(sale: SliceSale, memory: ReplayOptions['memory']): object {
  const storeId: StoreId | undefined = memory.storeIds[homeStore(sale.customer)];
  return {
    externalId: `online-retail/${sale.invoice}`,
    storeId,
    occurredAt: sale.at,
    customer: { cardCode: memory.codes[sale.customer] },
    currency,
    total: sale.lines.reduce((sum, [, quantity, pence]) => sum + quantity * pence, 0),
    lines: sale.lines.map(([sku, quantity, unitPrice]) => ({
      sku,
      quantity: String(quantity),
      unitPrice,
    })),
  };
}

/** Sends the same body again while the API is not available, as a till would. */
async function postJson(
  { edgeUrl, memory, signal }: ReplayOptions,
  body: object,
): Promise<{ entries: readonly { problem?: object }[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(`${edgeUrl}/v1/pos/transactions/batch`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${memory.apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (answer.ok) return (await answer.json()) as { entries: [] };
    const text = await answer.text();
    const isPassing = answer.status === 503 || answer.status === 429;
    if (!isPassing || attempt === MAX_TRIES) throw new Error(`The API refused sales: ${text}`);
    const seconds = Number(answer.headers.get('Retry-After') ?? RETRY_MS / 1_000);
    await pause(seconds * 1_000, undefined, { signal });
  }
}

/** The replay is all that this business has seen until it ends, so its jobs are the replay's. */
async function countJobs(client: Client, business: string) {
  const { rows } = await client.query<{ ended: number; declined: number; failed: number }>(
    `SELECT count(*)::int AS ended,
            count(*) FILTER (WHERE status = 'declined')::int AS declined,
            count(*) FILTER (WHERE status = 'failed')::int AS failed
       FROM loyalty.jobs WHERE business_id = $1`,
    [business],
  );
  return rows[0] ?? { ended: 0, declined: 0, failed: 0 };
}

async function countOutcome(client: Client, business: string): Promise<Record<string, number>> {
  const { declined, failed } = await countJobs(client, business);
  if (failed > 0) throw new Error(`${failed} sales of the replay failed; see the worker's log.`);
  const { rows } = await client.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM loyalty.transactions WHERE business_id = $1) AS sales,
            coalesce(sum(amount) FILTER (WHERE unit = 'stamp'), 0)::int AS stamps,
            floor(coalesce(sum(amount) FILTER (WHERE unit = 'point'), 0) / 1000000)::int AS points,
            (SELECT count(*)::int FROM loyalty.issued_rewards WHERE business_id = $1) AS rewards
       FROM loyalty.postings p
       JOIN loyalty.programs g ON g.business_id = p.business_id AND g.id = p.program_id
      WHERE p.business_id = $1 AND from_account = 'issued'`,
    [business],
  );
  return { ...rows[0], declined };
}
