import type { Request, RequestHandler, Response } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import type { PosPrincipal } from '../ports.ts';
import { Problem } from '../problems.ts';

const WINDOW_MS = 60_000;
/** What one edge lets a key read in a minute while Redis, which counts for all edges, is away. */
const READS_WITHOUT_REDIS = 120;

/**
 * Limits what one key may send in a minute, counted in Redis for all edges together. While Redis is
 * away commands answer 503 (they could not be queued anyway) and reads go on under a small limit
 * of this process's own.
 */
export function limitRate(options: {
  requestsPerMinute: number;
  store: Store;
  isCommand: (request: Request) => boolean;
  onStoreAway: (error: unknown) => void;
}): RequestHandler {
  const shared = {
    windowMs: WINDOW_MS,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'pos-key',
    keyGenerator: (_request: Request, response: Response) =>
      (response.locals['principal'] as PosPrincipal).keyId,
    handler: (_request: Request, _response: Response) => {
      throw new Problem('too-many-requests');
    },
    validate: false,
  } as const;
  const counted = rateLimit({
    ...shared,
    limit: options.requestsPerMinute,
    store: options.store,
    passOnStoreError: false,
  });
  const alone = rateLimit({ ...shared, limit: READS_WITHOUT_REDIS });

  return (request, response, next) => {
    void counted(request, response, (error?: unknown) => {
      if (!error || error instanceof Problem) return next(error);
      options.onStoreAway(error);
      if (!options.isCommand(request)) return void alone(request, response, next);
      next(new Problem('unavailable', { headers: { 'Retry-After': '1' } }));
    });
  };
}
