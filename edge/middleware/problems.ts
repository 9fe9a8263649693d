import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Problem, problemDocument } from '../problems.ts';

/** Paths nobody answers. */
export const nothingHere: RequestHandler = () => {
  throw new Problem('not-found');
};

/**
 * Renders whatever was thrown as an RFC 9457 problem. What is not a Problem is ours: it is logged
 * with its stack, and the client is told no more than that.
 */
export function renderProblems(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = error instanceof Problem ? error : fromParser(error);
    if (problem.code === 'internal-error') {
      log.error({ err: error, requestId: request.id }, 'request failed');
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(problem, String(request.id))));
  };
}

/** What Express's own parsers throw, by their `type` (body-parser) or status. */
function fromParser(error: unknown): Problem {
  const { type, status } = error as { type?: string; status?: number };
  switch (type) {
    case 'entity.parse.failed':
      return new Problem('malformed-json');
    case 'entity.too.large':
    case 'parameters.too.many':
      return new Problem('payload-too-large');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new Problem('unsupported-media-type');
    default:
      if (status === 400) return new Problem('malformed-request');
      return new Problem('internal-error');
  }
}
