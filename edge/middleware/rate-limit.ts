import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, type Options, rateLimit, type Store } from 'express-rate-limit';
import type { Caller, VisitorPrincipal } from '../ports.ts';
import { Problem } from '../problems.ts';

export const WINDOW_MS = 60_000;
/** What a key may send in so long it may also send at once; if it is a flood, everybody waits for that much. */
const AT_ONCE_MS = 2_000;
/** What one edge lets a caller read in a minute while Redis, which counts for all edges, is away. */
const READS_WITHOUT_REDIS = 120;

/** What one caller may send in a minute, by kind. */
export interface RequestsPerMinute {
  key: number;
  person: number;
  /** Without a key or a token; a whole café may share one address. */
  address: number;
}

/**
 * Limits what one key, person or address may send in a minute, counted in Redis for all edges
 * together; keys at an even pace, so that one which floods us takes no more than its share. While Redis is
 * away commands answer 503 (they could not be queued anyway) and reads go on under a small limit of this
 * process's own.
 */
export function limitRate(options: {
  requestsPerMinute: RequestsPerMinute;
  store: Store;
  /** For keys: fills steadily. */
  bucketStore: Store;
  isCommand: (request: Request) => boolean;
  onStoreAway: (error: unknown) => void;
}): RequestHandler {
  const { requestsPerMinute: limits, store, bucketStore } = options;
  const atOnce = Math.ceil((limits.key * AT_ONCE_MS) / WINDOW_MS);
  const keys = limiter({
    identifier: 'pos-key',
    limit: atOnce,
    windowMs: (atOnce * WINDOW_MS) / limits.key,
    store: bucketStore,
  });
  const people = limiter({ identifier: 'person', limit: limits.person, store });
  const addresses = limiter({ identifier: 'address', limit: limits.address, store });
  const alone = rateLimit({ ...shared, identifier: 'alone', limit: READS_WITHOUT_REDIS });

  return (request, response, next) => {
    const principal = principalOf(response);
    const counted = !principal ? addresses : principal.kind === 'integration' ? keys : people;
    void counted(request, response, (error?: unknown) => {
      if (!error || error instanceof Problem) return next(error);
      options.onStoreAway(error);
      if (!options.isCommand(request)) return void alone(request, response, next);
      next(new Problem('unavailable', { headers: { 'Retry-After': '1' } }));
    });
  };
}

const shared = {
  windowMs: WINDOW_MS,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  keyGenerator: callerKey,
  handler: (_request: Request, _response: Response) => {
    throw new Problem('too-many-requests');
  },
  validate: false,
} as const;

/** Counts in a store, a minute at a time, by caller unless told otherwise. */
export function limiter(
  of: { identifier: string; limit: number; store: Store } & Partial<
    Pick<Options, 'windowMs' | 'keyGenerator' | 'skipSuccessfulRequests'>
  >,
) {
  return rateLimit({ ...shared, ...of, passOnStoreError: false });
}

/** Keys by their id, people by who they are to the sign-in service, everybody else by address. */
export function callerKey(request: Request, response: Response): string {
  const principal = principalOf(response);
  if (!principal) return `address:${ipKeyGenerator(request.ip ?? '')}`;
  return principal.kind === 'integration' ? principal.keyId : principal.subject;
}

/** Who calls, once that is known. */
export function principalOf(response: Response): Caller | VisitorPrincipal | undefined {
  return response.locals['principal'] as Caller | VisitorPrincipal | undefined;
}
