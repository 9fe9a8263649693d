import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import type {
  jobSchema,
  problemSchema,
  transactionResultSchema,
  transactionSchema,
} from '../edge/schemas.ts';
import type { recordPurchase } from '../queues/commands/record-purchase.ts';

/** A sale as a till writes it; what has a default may be left out. */
export type Sale = z.input<typeof recordPurchase.body>;
export type Job = z.output<typeof jobSchema>;
export type Transaction = z.output<typeof transactionSchema>;
export type ProblemBody = z.output<typeof problemSchema>;
/** What the batch endpoint says of one sale: exactly one of the two. */
export type BatchEntry = { readonly job?: Job; readonly problem?: ProblemBody };
/** A customer at the counter (`GET /v1/pos/customers/lookup`). */
export type CustomerAtCounter = {
  readonly customer: { readonly id: string; readonly name: string | null };
  readonly cards: readonly {
    readonly id: string;
    readonly code: string;
    readonly programId: string;
    readonly unit: 'stamp' | 'point';
    readonly balance: number | string;
  }[];
  readonly rewards: readonly { readonly id: string; readonly cardId: string }[];
};

export type PosClientOptions = {
  readonly edgeUrl: string;
  readonly apiKey: string;
  /** Connections kept open, and so requests under way at once; more of them queue. Default 50. */
  readonly connections?: number | undefined;
  /** How long one call goes on trying before it gives up. Default 60 s. */
  readonly patienceMs?: number | undefined;
};

export type RequestOptions = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Answer<Body = unknown> = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
};

/**
 * A till as it should behave: every call is repeated, unchanged and so under the same key, while the
 * API answers 503 or 429 (after its `Retry-After`) or the connection breaks. Any other refusal is
 * thrown as a `Refusal`.
 */
export type PosClient = {
  /** Posts a sale and does not wait for its outcome. */
  post(sale: Sale, options?: { readonly idempotencyKey?: string }): Promise<Job>;
  /** Posts a sale and waits until it is recorded. @throws Refusal when it is declined */
  record(sale: Sale): Promise<Transaction>;
  /** Posts up to 500 sales; entries come in the order of the sales. */
  postBatch(sales: readonly Sale[]): Promise<BatchEntry[]>;
  /** What it would earn; nothing is stored. */
  preview(sale: Sale): Promise<Transaction>;
  getJob(id: string): Promise<Job>;
  /** The job when it has ended: completed, declined or failed. @throws Error out of patience */
  waitForJob(id: string): Promise<Job>;
  lookup(
    by: { readonly cardCode: string } | { readonly phone: string } | { readonly email: string },
  ): Promise<CustomerAtCounter>;
  /** By our id, or by `externalId:` and the till's own. */
  getTransaction(id: string): Promise<Transaction>;
  /** Any request, with the same retries, and whatever status it ends with. */
  request<Body = unknown>(
    method: string,
    path: string,
    options?: RequestOptions,
  ): Promise<Answer<Body>>;
  /** Answers so far, and how many of them, or of broken connections, led to a repeat. */
  readonly counts: { readonly answers: number; readonly retries: number };
  close(): void;
};

/** The API said no, and will say so again. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly problem: ProblemBody;
  /** Last part of the problem's type. */
  readonly code: string;

  constructor(status: number, problem: ProblemBody) {
    super(`${status} ${JSON.stringify(problem)}`);
    this.status = status;
    this.problem = problem;
    this.code = problem.type.slice(problem.type.lastIndexOf('/') + 1);
  }
}

const TRANSACTIONS = '/v1/pos/transactions';
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** Longer than the API's longest wait (20 s): a silent connection is a broken one. */
const SILENCE_MS = 30_000;

/** Opens a client; `close` it, or its idle connections keep the process alive for a while. */
export function createPosClient(options: PosClientOptions): PosClient {
  const patienceMs = options.patienceMs ?? 60_000;
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections ?? 50 });
  const counts = { answers: 0, retries: 0 };

  async function request<Body>(method: string, path: string, rest: RequestOptions = {}) {
    const giveUpAtMs = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await sendOnce(agent, options, { method, path, ...rest });
      counts.answers += 1;
      const waitMs = retryAfterMs(answer, attempt);
      if (waitMs === undefined) return answer as Answer<Body>;
      if (Date.now() + waitMs > giveUpAtMs) return giveUp<Body>(answer, { method, path });
      counts.retries += 1;
      await pause(waitMs);
    }
  }

  async function ask<Body>(method: string, path: string, rest?: RequestOptions): Promise<Body> {
    const { status, body } = await request<Body>(method, path, rest);
    if (status >= 400) throw new Refusal(status, body as ProblemBody);
    return body;
  }

  async function waitForJob(id: string): Promise<Job> {
    const giveUpAtMs = Date.now() + patienceMs;
    for (;;) {
      const job = await ask<Job>('GET', `/v1/jobs/${id}?wait=20`);
      if (job.finishedAt) return job;
      if (Date.now() > giveUpAtMs) throw new Error(`job ${id} is still ${job.status}`);
    }
  }

  return {
    counts,
    request,
    waitForJob,
    async post(sale, { idempotencyKey } = {}) {
      const headers = idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {};
      const { job } = await ask<{ job: Job }>('POST', TRANSACTIONS, { body: sale, headers });
      return job;
    },
    async record(sale) {
      const headers = { Prefer: 'wait=10' };
      const reply = await ask<Partial<Recorded> & { job?: Job }>('POST', TRANSACTIONS, {
        body: sale,
        headers,
      });
      return reply.transaction ?? transactionOf(await waitForJob(reply.job?.id ?? ''));
    },
    postBatch: (sales) => postBatch(ask, sales, patienceMs),
    preview: async (sale) =>
      (await ask<Recorded>('POST', `${TRANSACTIONS}/preview`, { body: sale })).transaction,
    getJob: (id) => ask('GET', `/v1/jobs/${id}`),
    lookup: (by) => ask('GET', `/v1/pos/customers/lookup?${new URLSearchParams(by).toString()}`),
    getTransaction: async (id) =>
      (await ask<Recorded>('GET', `${TRANSACTIONS}/${encodeURIComponent(id)}`)).transaction,
    close: () => agent.destroy(),
  };
}

type Recorded = z.output<typeof transactionResultSchema>;
type Ask = <Body>(method: string, path: string, rest?: RequestOptions) => Promise<Body>;
/** A connection that broke before its answer counts as status 0. */
type BrokenAnswer = Answer & { readonly error?: Error };

/** Sales that found the queue away are sent again, alone: the others have their place already. */
async function postBatch(
  ask: Ask,
  sales: readonly Sale[],
  patienceMs: number,
): Promise<BatchEntry[]> {
  const giveUpAtMs = Date.now() + patienceMs;
  const entries: BatchEntry[] = [];
  let left = sales.map((_, index) => index);
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (attempt > 0) await pause(pauseMs(attempt));
    const transactions = left.map((index) => sales[index]);
    const path = `${TRANSACTIONS}/batch`;
    const reply = await ask<{ entries: BatchEntry[] }>('POST', path, { body: { transactions } });
    for (const [i, entry] of reply.entries.entries()) entries[left[i] ?? -1] = entry;
    if (Date.now() > giveUpAtMs) break;
    left = left.filter((index) => entries[index]?.problem?.status === 503);
  }
  return entries;
}

function transactionOf(job: Job): Transaction {
  if (job.result?.transaction) return job.result.transaction;
  if (job.problem) throw new Refusal(job.problem.status, job.problem);
  throw new Error(`job ${job.id} ended ${job.status} without a result`);
}

/** How long to wait before the same request again; undefined when this answer is final. */
function retryAfterMs(answer: BrokenAnswer, attempt: number): number | undefined {
  if (answer.status === 0) return pauseMs(attempt);
  if (answer.status !== 503 && answer.status !== 429) return undefined;
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) ? seconds * 1_000 : pauseMs(attempt);
}

function pauseMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}

function giveUp<Body>(
  answer: BrokenAnswer,
  what: { readonly method: string; readonly path: string },
): Answer<Body> {
  if (answer.error === undefined) return answer as Answer<Body>;
  throw new Error(`${what.method} ${what.path}: no answer`, { cause: answer.error });
}

function sendOnce(
  agent: Agent,
  to: { readonly edgeUrl: string; readonly apiKey: string },
  what: RequestOptions & { readonly method: string; readonly path: string },
): Promise<BrokenAnswer> {
  const body = what.body === undefined ? undefined : JSON.stringify(what.body);
  const headers = {
    Authorization: `Bearer ${to.apiKey}`,
    ...(body !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
    }),
    ...what.headers,
  };
  return new Promise((resolve) => {
    const broken = (error: Error) => resolve({ status: 0, headers: {}, body: undefined, error });
    const { method } = what;
    const url = new URL(what.path, to.edgeUrl);
    const outgoing = httpRequest(url, { agent, method, headers, timeout: SILENCE_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', broken);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode: status = 0 } = answer;
        resolve({ status, headers: answer.headers, body: parse(text, answer.headers) });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('silent for too long')));
    outgoing.on('error', broken);
    outgoing.end(body);
  });
}

function parse(text: string, headers: IncomingHttpHeaders): unknown {
  return /json/.test(headers['content-type'] ?? '') ? (JSON.parse(text) as unknown) : text;
}
