import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Caller } from '../ports.ts';

/** Told of every answer. `route`: undefined for what is no route of the API. */
export type OnAnswered = (route: string | undefined, status: number, seconds: number) => void;

/**
 * Gives each request an id, and logs one line when it is answered: method, route, status, time,
 * business. Never the URL (it can hold a phone number), headers or body.
 */
export function logRequests(log: Logger, onAnswered?: OnAnswered): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const { locals } = response;
    locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const principal = locals['principal'] as Partial<Caller> | undefined;
      const milliseconds = performance.now() - startedAt;
      const route = locals['route'] as string | undefined;
      // Of one that stays open, how long it took to open.
      const answeredAt = (locals['answeredAt'] as number | undefined) ?? performance.now();
      onAnswered?.(route, response.statusCode, (answeredAt - startedAt) / 1_000);
      log.info({
        requestId,
        method: request.method,
        route,
        status: response.statusCode,
        milliseconds: Math.round(milliseconds),
        caller: principal?.kind,
        businessId: principal?.businessId,
        answered: response.writableFinished,
      });
    });
    next();
  };
}
