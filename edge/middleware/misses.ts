import type { Request, RequestHandler, Response } from 'express';
import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import { isMiss, Problem } from '../problems.ts';
import { callerKey, principalOf, WINDOW_MS } from './rate-limit.ts';

/**
 * Counts what a caller asked for that is not there. A till mistypes; who tries one code after the
 * other is stopped, and one line with the metric `enumeration_suspected` says so, for an alarm. Only
 * routes that do nothing but find are stopped: a till goes on selling, whatever it asks for.
 */
export function createMissCounter(options: {
  store: Store;
  missesPerMinute: number;
  /** Told once a minute of a caller who looks like guessing: what an alarm counts. */
  onGuessing: () => void;
  log: Logger;
}) {
  const { store, missesPerMinute: limit, log } = options;

  async function count(request: Request, response: Response, jobId?: string): Promise<void> {
    // A job is asked for again and again until it ends, and is one miss.
    if (jobId !== undefined && (await store.increment(`missed-job:${jobId}`)).totalHits > 1) return;
    const { totalHits } = await store.increment(keyOf(request, response));
    if (totalHits !== limit) return;
    options.onGuessing();
    const principal = principalOf(response);
    log.warn(
      {
        metric: 'enumeration_suspected',
        route: response.locals['route'] as string | undefined,
        caller: principal?.kind,
        keyId: principal?.kind === 'integration' ? principal.keyId : undefined,
        staffId: principal?.kind === 'staff' ? principal.staffId : undefined,
        businessId: principal && 'businessId' in principal ? principal.businessId : undefined,
        misses: totalHits,
      },
      'somebody asks for one code after the other that nobody has',
    );
  }

  function note(request: Request, response: Response, jobId?: string): void {
    count(request, response, jobId).catch((error: unknown) => {
      log.warn({ err: error }, 'a miss was not counted');
    });
  }

  return {
    /** Stops who has missed too often; stands before the routes that only find. */
    brake: (async (request, response, next) => {
      response.locals['countsMisses'] = true;
      let seen: Awaited<ReturnType<NonNullable<Store['get']>>>;
      try {
        seen = await store.get?.(keyOf(request, response));
      } catch (error) {
        return next(closedWhileUncounted(log, error));
      }
      if ((seen?.totalHits ?? 0) >= limit) {
        const seconds = Math.ceil(((seen?.resetTime?.getTime() ?? 0) - Date.now()) / 1_000);
        const retryAfter = Math.min(Math.max(seconds, 1), WINDOW_MS / 1_000);
        throw new Problem('too-many-requests', { headers: { 'Retry-After': String(retryAfter) } });
      }
      next();
    }) satisfies RequestHandler,

    /** Told of every refusal. */
    noteProblem: (problem: Problem, request: Request, response: Response): void => {
      const isNotFound = problem.status === 404 && response.locals['countsMisses'] === true;
      if (isNotFound || (isMiss(problem.code) && principalOf(response))) note(request, response);
    },

    /** Told of a job that was shown and had ended in a miss. */
    noteJob: (jobId: string, request: Request, response: Response) =>
      note(request, response, jobId),
  };
}

/** A guess that is not counted is free: so what is guarded is closed while Redis is away. */
export function closedWhileUncounted(log: Logger, error: unknown): Problem {
  log.warn({ err: error }, 'a guarded route is closed: its limit cannot be counted');
  return new Problem('unavailable', { headers: { 'Retry-After': '1' } });
}

function keyOf(request: Request, response: Response): string {
  return `misses:${callerKey(request, response)}`;
}
