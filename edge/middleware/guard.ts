import { hash } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import { Problem } from '../problems.ts';
import type { Route, RouteGuard } from '../route.ts';
import { callerKey, limiter, principalOf, WINDOW_MS } from './rate-limit.ts';

export interface GuardOptions {
  store: Store;
  /** Codes that nobody has: what one caller may ask for in a minute before it looks like guessing. */
  missesPerMinute: number;
  /** Told once a minute of a caller who looks like guessing. */
  onGuessing: () => void;
  log: Logger;
}

/** What stands before the routes where guessing would pay, beside the limits that all routes have. */
export interface Guard {
  /** By who asks, before the body is read. */
  callers: RequestHandler[];
  /** By whom is asked for, once the body is read. */
  accounts: RequestHandler[];
}

/**
 * The closer limits of a route. They are counted in Redis for all edges together; while Redis is away
 * the route is closed (503), for a guess that is not counted is free.
 */
export function guardRoute(route: Route, options: GuardOptions): Guard {
  const { guard } = route;
  if (!guard) return { callers: [], accounts: [] };
  return {
    callers: [
      ...(guard.countsMisses ? [watchMisses(route, options)] : []),
      counted(options, {
        identifier: route.name,
        limit: guard.perMinute,
        keyGenerator: (request, response) => `${route.name}:${callerKey(request, response)}`,
      }),
    ],
    accounts: accountLimits(route, guard, options),
  };
}

function accountLimits(route: Route, guard: RouteGuard, options: GuardOptions): RequestHandler[] {
  if (guard.perAccount === undefined) return [];
  return [
    counted(options, {
      identifier: `${route.name}-account`,
      limit: guard.perAccount,
      keyGenerator: (request) => `${route.name}:account:${accountOf(request.body)}`,
      // Whoever knows the password is not kept out by having used it.
      skipSuccessfulRequests: true,
    }),
  ];
}

/** Hashed: Redis holds no e-mail address. */
function accountOf(body: unknown): string {
  const { pool, email } = body as { pool?: unknown; email?: unknown };
  return hash('sha256', `${String(pool)}:${String(email).toLowerCase()}`, 'base64url');
}

function counted(
  options: GuardOptions,
  limit: Omit<Parameters<typeof limiter>[0], 'store'>,
): RequestHandler {
  const count = limiter({ ...limit, store: options.store });
  return (request, response, next) => {
    void count(request, response, (error?: unknown) => {
      if (!error || error instanceof Problem) return next(error);
      next(closed(options, error));
    });
  };
}

function closed({ log }: GuardOptions, error: unknown): Problem {
  log.warn({ err: error }, 'a guarded route is closed: its limit cannot be counted');
  return new Problem('unavailable', { headers: { 'Retry-After': '1' } });
}

/**
 * Counts what a caller asked for that is not there. A till mistypes; who tries one code after the
 * other is stopped, and one line with the metric `enumeration_suspected` says so, for an alarm.
 */
function watchMisses(route: Route, options: GuardOptions): RequestHandler {
  const { store, missesPerMinute: limit, onGuessing, log } = options;
  return async (request, response, next) => {
    const key = `misses:${callerKey(request, response)}`;
    let seen: Awaited<ReturnType<NonNullable<Store['get']>>>;
    try {
      seen = await store.get?.(key);
    } catch (error) {
      return next(closed(options, error));
    }
    if ((seen?.totalHits ?? 0) >= limit) {
      const seconds = Math.ceil(((seen?.resetTime?.getTime() ?? 0) - Date.now()) / 1_000);
      const retryAfter = Math.min(Math.max(seconds, 1), WINDOW_MS / 1_000);
      throw new Problem('too-many-requests', { headers: { 'Retry-After': String(retryAfter) } });
    }
    response.once('finish', () => {
      if (response.statusCode === 404) {
        noteMiss(key, response).catch((error: unknown) => {
          log.warn({ err: error }, 'a miss was not counted');
        });
      }
    });
    next();
  };

  async function noteMiss(key: string, response: Response): Promise<void> {
    const { totalHits } = await store.increment(key);
    if (totalHits !== limit) return;
    onGuessing();
    const principal = principalOf(response);
    log.warn(
      {
        metric: 'enumeration_suspected',
        route: route.name,
        caller: principal?.kind,
        keyId: principal?.kind === 'integration' ? principal.keyId : undefined,
        staffId: principal?.kind === 'staff' ? principal.staffId : undefined,
        businessId: principal && 'businessId' in principal ? principal.businessId : undefined,
        misses: totalHits,
      },
      'somebody asks for one code after the other that nobody has',
    );
  }
}
