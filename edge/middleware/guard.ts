import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import { Problem } from '../problems.ts';
import type { Route, RouteGuard } from '../route.ts';
import { closedWhileUncounted, createMissCounter } from './misses.ts';
import { callerKey, limiter } from './rate-limit.ts';

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
      ...(guard.countsMisses ? [createMissCounter(options).brake] : []),
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
  // Whoever leaves the pool out must not be counted apart from whoever names the same one.
  const { pool = 'customers', email } = body as { pool?: unknown; email?: unknown };
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
      next(closedWhileUncounted(options.log, error));
    });
  };
}
