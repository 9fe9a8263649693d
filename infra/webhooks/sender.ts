import { Resolver } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { TryResult } from '../../domain/webhooks/retry.ts';
import { isPublicAddress, refusalOfUrl } from './receiver-address.ts';

/** What a try was answered. */
export interface Sent {
  result: TryResult;
  latencyMs: number;
  /** The beginning of the answer's body. */
  answer: string;
}

const ANSWER_KEPT_BYTES = 1_024;
/** An answer that is longer costs its connection. */
const ANSWER_READ_BYTES = 65_536;
/** Idle connections kept to one receiver, which may be where many endpoints are. */
const IDLE_SOCKETS = 100;
const IDLE_MS = 30_000;

/**
 * Sends webhooks over one pool of kept connections. Names are looked up by a resolver of its own, and
 * the addresses they lead to are looked at as the connection is made: a name that leads elsewhere by
 * then (DNS rebinding) gets none. Redirects are not followed, answers are not trusted.
 */
export function createSender(options: {
  /** For the stack on one's own machine: any address, and http too. */
  allowPrivate: boolean;
  /** For everything, from the look-up to the status. */
  timeoutMs: number;
  /** Stands in for DNS in tests. */
  resolve?: Resolve;
}) {
  const { allowPrivate, timeoutMs } = options;
  const agentOptions = {
    keepAlive: true,
    maxFreeSockets: IDLE_SOCKETS,
    // Of the idle only: one at work has its own limit.
    timeout: Math.max(IDLE_MS, timeoutMs * 2),
    lookup: createLookup(options.resolve ?? createResolver(), { allowPrivate }),
    // Once more what the look-up has refused already, should it ever be gone around.
    allowPrivateIPAddress: allowPrivate,
  };
  const https = new RequestFilteringHttpsAgent(agentOptions);
  const http = new RequestFilteringHttpAgent(agentOptions);

  function open(url: URL, headers: Record<string, string>): ClientRequest {
    return url.protocol === 'https:'
      ? requestHttps(url, { method: 'POST', agent: https, headers })
      : requestHttp(url, { method: 'POST', agent: http, headers });
  }

  function sendOnce(
    url: URL,
    headers: Record<string, string>,
    body: string,
  ): Promise<Sent & { isStale?: boolean }> {
    return new Promise((resolve) => {
      const began = performance.now();
      const request = open(url, headers);
      const timer = setTimeout(() => request.destroy(new TimedOutError()), timeoutMs);
      const end = (result: TryResult, answer = '', isStale = false) => {
        clearTimeout(timer);
        resolve({ result, answer, latencyMs: Math.round(performance.now() - began), isStale });
      };
      let isAnswered = false;
      request.once('response', (response) => {
        isAnswered = true;
        readAnswer(response, url, { allowPrivate, end });
      });
      request.on('error', (error) => {
        // What breaks off after the status is not asked for: see readAnswer.
        if (!isAnswered) end(failed(failureOf(error)), '', isStale(request, error));
      });
      request.end(body);
    });
  }

  return {
    async send(to: string, headers: Readonly<Record<string, string>>, body: string): Promise<Sent> {
      const url = new URL(to);
      // What was taken when it was set up may not be by now.
      if (refusalOfUrl(to, { allowPrivate }) !== undefined) {
        return { result: failed('forbidden-address'), latencyMs: 0, answer: '' };
      }
      const all = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
      const sent = await sendOnce(url, all, body);
      // The receiver closed a kept connection just as it was used: nothing has arrived there.
      return sent.isStale ? sendOnce(url, all, body) : sent;
    },
    close(): void {
      https.destroy();
      http.destroy();
    },
  };
}

class TimedOutError extends Error {}
class ForbiddenAddressError extends Error {}

function failed(
  failure: Extract<TryResult, { kind: 'failed' }>['failure'],
  status: number | null = null,
  retryAfterMs: number | null = null,
): TryResult {
  return { kind: 'failed', failure, status, retryAfterMs };
}

function failureOf(error: Error) {
  if (error instanceof TimedOutError) return 'timed-out';
  // The agent's errors have no code: these are its words.
  const isForbidden =
    error instanceof ForbiddenAddressError || /is not allowed/.test(error.message);
  return isForbidden ? 'forbidden-address' : 'connection-failed';
}

function isStale(request: ClientRequest, error: Error & { code?: string }): boolean {
  return request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** The status decides; of the body the beginning is kept, and the rest is read to keep the connection. */
function readAnswer(
  response: IncomingMessage,
  url: URL,
  work: { allowPrivate: boolean; end: (result: TryResult, answer: string) => void },
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    if (bytes < ANSWER_KEPT_BYTES) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_READ_BYTES) response.destroy();
  });
  // Also when it breaks off: the status has come.
  response.on('error', () => undefined);
  response.once('close', () => {
    const kept = Buffer.concat(chunks).subarray(0, ANSWER_KEPT_BYTES);
    // PostgreSQL keeps no NUL.
    const answer = kept.toString('utf8').replaceAll('\u0000', '\ufffd');
    work.end(resultOf(response, url, work.allowPrivate), answer);
  });
}

function resultOf(response: IncomingMessage, url: URL, allowPrivate: boolean): TryResult {
  const { statusCode: status = 0, headers } = response;
  if (status >= 200 && status < 300) return { kind: 'arrived', status };
  if (status >= 300 && status < 400 && headers.location !== undefined) {
    const target = URL.parse(headers.location, url.href)?.href ?? '';
    const isForbidden = refusalOfUrl(target, { allowPrivate }) !== undefined;
    return failed(isForbidden ? 'forbidden-address' : 'redirected', status);
  }
  return failed('rejected', status, retryAfterMs(headers['retry-after'], Date.now()));
}

const LONGEST_RETRY_AFTER_MS = 86_400_000;

/** Seconds, or an HTTP date (RFC 9110 §10.2.3); more than a day is taken for a day. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000;
  if (!Number.isFinite(seconds)) return null;
  return Math.min(Math.max(0, seconds * 1_000), LONGEST_RETRY_AFTER_MS);
}

/** The addresses that a name has right now. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: 4 | 6 }[]>;

/**
 * Asks DNS itself. The system's look-up runs on four threads, so four receivers whose name servers
 * do not answer would keep all others waiting.
 */
function createResolver(): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return async (hostname) => {
    const answers = await Promise.allSettled([
      resolver.resolve4(hostname).then((found) => found.map((address) => of(address, 4))),
      resolver.resolve6(hostname).then((found) => found.map((address) => of(address, 6))),
    ]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}

const of = (address: string, family: 4 | 6) => ({ address, family });

/** Looks a name up as it is connected to. A name with one address inside is not connected to at all. */
function createLookup(
  resolve: Resolve,
  { allowPrivate }: { allowPrivate: boolean },
): LookupFunction {
  async function find(hostname: string) {
    const found = await resolve(hostname);
    const [first] = found;
    if (!first) throw new Error(`no address for ${hostname}`);
    if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address))) {
      throw new ForbiddenAddressError(hostname);
    }
    return { first, found };
  }
  return (hostname, options, end) => {
    find(hostname).then(
      ({ first, found }) =>
        options.all ? end(null, [...found]) : end(null, first.address, first.family),
      (error: Error) => end(error, []),
    );
  };
}
