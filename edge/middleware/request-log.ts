import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * Gives each request an id, and logs one line when it is answered: method, route, status, time,
 * business. Never the URL (it can hold a phone number), headers or body.
 */
export function logRequests(log: Logger): RequestHandler {
  return pinoHttp<IncomingMessage, Response>({
    logger: log,
    genReqId: (_request, response) => {
      const id = randomUUID();
      response.setHeader('X-Request-Id', id);
      response.locals['requestId'] = id;
      return id;
    },
    quietReqLogger: true,
    quietResLogger: true,
    serializers: { req: () => undefined, res: () => undefined },
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return 'info';
    },
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'answered',
    customProps: (request, response) => ({
      method: request.method,
      route: (response.locals['route'] as string | undefined) ?? 'unknown',
      status: response.statusCode,
      businessId: (response.locals['principal'] as { businessId?: string } | undefined)?.businessId,
    }),
  });
}
