import { Agent } from 'undici';
import type { TryResult } from '../../domain/webhooks/retry.ts';
import { createConnector, ForbiddenAddressError, type Resolve } from './connect.ts';
import { type Answer, type Broken, Exchange, TimedOutError } from './exchange.ts';
import { refusalOfUrl } from './receiver-address.ts';

/** What a try was answered. */
export interface Sent {
  result: TryResult;
  latencyMs: number;
  /** The beginning of the answer's body. */
  answer: string;
}

const IDLE_MS = 30_000;
/** Codes of a connection that ended before the answer. */
const BREAKS = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Sends webhooks over kept connections, only to where they may go. Redirects are not followed, answers
 * are not trusted.
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
  const agent = new Agent({
    connect: createConnector(options),
    keepAliveTimeout: IDLE_MS,
    // However long the receiver would keep it.
    keepAliveMaxTimeout: IDLE_MS,
    // An exchange has one limit, for all there is to wait for.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  function exchange(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Answer | Broken> {
    return new Promise((resolve) => {
      const path = url.pathname + url.search;
      const request = { origin: url.origin, path, method: 'POST', headers, body } as const;
      agent.dispatch(request, new Exchange(timeoutMs, resolve));
    });
  }

  return {
    async send(to: string, headers: Readonly<Record<string, string>>, body: string): Promise<Sent> {
      const url = new URL(to);
      // What was taken when it was set up may not be by now.
      if (refusalOfUrl(to, { allowPrivate }) !== undefined) {
        return { result: failed('forbidden-address'), latencyMs: 0, answer: '' };
      }
      const began = performance.now();
      let outcome = await exchange(url, headers, body);
      // Mostly the receiver closed a kept connection just as it was used, and nothing has arrived there.
      if ('error' in outcome && BREAKS.has(outcome.error.code ?? ''))
        outcome = await exchange(url, headers, body);
      const latencyMs = Math.round(performance.now() - began);
      return 'error' in outcome
        ? { result: failed(failureOf(outcome.error)), latencyMs, answer: '' }
        : { result: resultOf(outcome, url, allowPrivate), latencyMs, answer: outcome.text };
    },
    close: (): Promise<void> => agent.destroy(),
  };
}

function failed(
  failure: Extract<TryResult, { kind: 'failed' }>['failure'],
  status: number | null = null,
  retryAfterMs: number | null = null,
): TryResult {
  return { kind: 'failed', failure, status, retryAfterMs };
}

function failureOf(error: Error) {
  if (error instanceof TimedOutError) return 'timed-out';
  return error instanceof ForbiddenAddressError ? 'forbidden-address' : 'connection-failed';
}

function resultOf({ status, headers }: Answer, url: URL, allowPrivate: boolean): TryResult {
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
