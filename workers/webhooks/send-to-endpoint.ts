import { hasFailedTooLong, isGone, judge, type TryResult } from '../../domain/webhooks/retry.ts';
import type { EndpointTarget } from '../../domain/webhooks/webhook-books.ts';

/** Tries under way at once to one endpoint that takes what it is sent. */
const AT_ONCE = 10;
/** Deliveries read at once, and sent again at most should the process die. */
const CHUNK = 100;
/** Then others have their turn. */
const CHUNKS_A_TURN = 10;

interface Endpoint {
  url: string;
  secrets: readonly string[];
  failingSince: number | null;
}

interface Delivery {
  id: `evt_${string}`;
  body: string;
  tries: number;
  giveUpAt: number;
  /** Of what it tells of; its receiver may go on with it. */
  traceparent: string | null;
}

/** What stands behind the sending. */
export interface SendingDependencies {
  queue: {
    open(target: EndpointTarget, at: number): Promise<Endpoint | undefined>;
    due(target: EndpointTarget, at: number, limit: number): Promise<readonly Delivery[]>;
    settle(settlement: {
      target: EndpointTarget;
      id: Delivery['id'];
      tries: number;
      status: 'delivered' | 'pending' | 'failed';
      failure: string | null;
      dueAt: number | null;
      at: number;
      attempt: object;
    }): Promise<void>;
    noteHealth(target: EndpointTarget, failingSince: number | null): Promise<void>;
    giveUp(target: EndpointTarget, at: number): Promise<void>;
    disable(target: EndpointTarget, reason: 'gone' | 'failing', at: number): Promise<void>;
  };
  send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<{ result: TryResult; latencyMs: number; answer: string }>;
  /** Headers that prove where a body is from. @param secrets sealed */
  signer(
    secrets: readonly string[],
  ): (id: string, at: number, body: string) => Readonly<Record<string, string>>;
  now: () => number;
  random: () => number;
}

/**
 * One endpoint's turn: sends what is due until nothing is, or its turn is over. One that fails is sent
 * one delivery at a time, and its turn ends with the first that fails: so it costs one connection
 * however much waits for it, and what waits is sent as soon as it takes something again.
 */
export function createSendToEndpoint(deps: SendingDependencies) {
  const { queue, now } = deps;
  return async (target: EndpointTarget, signal: AbortSignal): Promise<'idle' | 'more'> => {
    for (let chunk = 0; chunk < CHUNKS_A_TURN && !signal.aborted; chunk += 1) {
      const endpoint = await queue.open(target, now());
      if (!endpoint) return 'idle';
      const atOnce = endpoint.failingSince === null ? AT_ONCE : 1;
      const due = await queue.due(target, now(), endpoint.failingSince === null ? CHUNK : 1);
      if (due.length === 0) return 'idle';
      const tries = await tryAll(deps, { target, endpoint, due, atOnce, signal });
      if (!(await isWorking(deps, { target, endpoint, tries }))) return 'idle';
    }
    return 'more';
  };
}

interface Chunk {
  target: EndpointTarget;
  endpoint: Endpoint;
  due: readonly Delivery[];
  atOnce: number;
  signal: AbortSignal;
}

/** Tries deliveries, `atOnce` of them at a time, and gives up when so many in a row have failed. */
async function tryAll(deps: SendingDependencies, chunk: Chunk): Promise<TryResult[]> {
  const { due, atOnce, signal } = chunk;
  const sign = deps.signer(chunk.endpoint.secrets);
  const results: TryResult[] = [];
  const settling: Promise<void>[] = [];
  const left = due.values();
  let failedInARow = 0;
  const sendInTurn = async () => {
    // One iterator for all: each takes the next that nobody has taken.
    for (const delivery of left) {
      const { result, settled } = await tryOne(deps, chunk, { delivery, sign });
      // The next is sent meanwhile.
      settling.push(settled);
      failedInARow = result.kind === 'arrived' ? 0 : failedInARow + 1;
      results.push(result);
      if (failedInARow >= atOnce || signal.aborted) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, due.length) }, sendInTurn));
  await Promise.all(settling);
  return results;
}

async function tryOne(
  deps: SendingDependencies,
  { target, endpoint }: Chunk,
  { delivery, sign }: { delivery: Delivery; sign: ReturnType<SendingDependencies['signer']> },
): Promise<{ result: TryResult; settled: Promise<void> }> {
  const { id, body, traceparent } = delivery;
  const startedAt = deps.now();
  const headers = {
    ...sign(id, startedAt, body),
    ...FIXED_HEADERS,
    ...(traceparent !== null && { traceparent }),
  };
  const { result, latencyMs, answer } = await deps.send(endpoint.url, headers, body);
  const at = deps.now();
  const verdict = judge(result, delivery, at, deps.random());
  const failure = result.kind === 'failed' ? result.failure : null;
  const settled = deps.queue.settle({
    target,
    id,
    tries: delivery.tries,
    status: verdict.status,
    failure,
    dueAt: verdict.status === 'pending' ? verdict.dueAt : null,
    at,
    attempt: {
      at: new Date(startedAt).toISOString(),
      status: result.status,
      failure,
      latencyMs,
      answer,
    },
  });
  // Awaited at the end of the chunk; until then a rejection must not count as one that nobody handles.
  settled.catch(() => undefined);
  return { result, settled };
}

const FIXED_HEADERS = { 'content-type': 'application/json', 'user-agent': 'Regulars-Webhooks/1' };

/** Notes how an endpoint does, and disables it when it is gone or has failed for days. */
async function isWorking(
  { queue, now }: SendingDependencies,
  chunk: { target: EndpointTarget; endpoint: Endpoint; tries: readonly TryResult[] },
): Promise<boolean> {
  const { target, endpoint, tries } = chunk;
  if (tries.some(isGone)) {
    await queue.disable(target, 'gone', now());
    return false;
  }
  if (tries.some(({ kind }) => kind === 'arrived')) {
    if (endpoint.failingSince !== null) await queue.noteHealth(target, null);
    return true;
  }
  if (tries.length === 0) return false;
  if (hasFailedTooLong(endpoint.failingSince, now())) {
    await queue.disable(target, 'failing', now());
    return false;
  }
  if (endpoint.failingSince === null) await queue.noteHealth(target, now());
  await queue.giveUp(target, now());
  return false;
}
