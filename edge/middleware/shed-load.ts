import type { RequestHandler } from 'express';
import { Problem } from '../problems.ts';

/** A sale that is taken later than this is better sent again than waited for. */
const MAX_DELAY_MS = 500;

/**
 * Refuses requests at once, 503 with `Retry-After`, while the process is behind: answering fewer in time
 * beats answering all of them late, when their senders have given up and sent them again.
 */
export function shedLoad(delayMs: () => number): RequestHandler {
  return (_request, _response, next) => {
    if (delayMs() <= MAX_DELAY_MS) return next();
    next(new Problem('overloaded', { headers: { 'Retry-After': '2' } }));
  };
}
