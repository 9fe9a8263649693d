import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Caller } from '../ports.ts';

/**
 * Gives each request an id, and logs one line when it is answered: method, route, status, time,
 * business. Never the URL (it can hold a phone number), headers or body.
 */
export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const { locals } = response;
    locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const principal = locals['principal'] as Partial<Caller> | undefined;
      log.info({
        requestId,
        method: request.method,
        route: locals['route'] as string | undefined,
        status: response.statusCode,
        milliseconds: Math.round(performance.now() - startedAt),
        caller: principal?.kind,
        businessId: principal?.businessId,
        answered: response.writableFinished,
      });
    });
    next();
  };
}
