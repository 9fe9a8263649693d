import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { Problem, type ProblemCode, problemDocument } from '../problems.ts';

/** Paths nobody answers. */
export const nothingHere: RequestHandler = () => {
  throw new Problem('not-found');
};

/**
 * Renders whatever was thrown as an RFC 9457 problem. A store that is away is 503; what else is not a
 * Problem is ours: it is logged with its stack, and the client is told no more than that.
 */
export function renderProblems(options: {
  log: Logger;
  isOutage: (error: unknown) => boolean;
  /** Told of every one. */
  onProblem?: (problem: Problem, request: Request, response: Response) => void;
}): ErrorRequestHandler {
  const { log, isOutage } = options;
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = toProblem(error, isOutage);
    options.onProblem?.(problem, request, response);
    if (problem !== error && problem.status >= 500) {
      log.error({ err: error, requestId: response.locals['requestId'] }, 'request failed');
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(problem, response.locals['requestId'])));
  };
}

function toProblem(error: unknown, isOutage: (error: unknown) => boolean): Problem {
  if (error instanceof Problem) return error;
  if (isOutage(error)) return new Problem('unavailable', { headers: { 'Retry-After': '1' } });
  return fromParser(error);
}

const parserProblems = new Map<string, ProblemCode>([
  ['entity.too.large', 'payload-too-large'],
  ['encoding.unsupported', 'unsupported-media-type'],
]);

/** What Express's own parsers throw, by their `type` (body-parser) or status. */
function fromParser(error: unknown): Problem {
  const { type, status } = error as { type?: string; status?: number };
  const code = type !== undefined && parserProblems.get(type);
  return new Problem(code || (status === 400 ? 'malformed-request' : 'internal-error'));
}
