import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSampled, type Tracing } from './tracing.ts';

/** What the edge's middleware leaves beside a response. */
type Answer = ServerResponse & { locals: Record<string, unknown> };

/**
 * Begins a span for every request, or carries the client's trace on, and puts it where routes look for
 * the client's: in the header. A trace that nobody keeps and nobody began is not passed on, for it would
 * only make messages longer.
 */
export function traceRequests(tracing: Tracing) {
  return (request: IncomingMessage, response: Answer, next: () => void): void => {
    const given = request.headers['traceparent'];
    const method = request.method ?? 'GET';
    const span = tracing.start(method, {
      kind: 'SERVER',
      parent: typeof given === 'string' ? given : undefined,
      attributes: { 'http.request.method': method },
    });
    if (span.isSampled || given !== undefined) request.headers['traceparent'] = span.traceparent;
    response.once('close', () => {
      const { statusCode } = response;
      const route = response.locals['route'] as string | undefined;
      span.end({
        ...(route && { name: `${method} ${route}` }),
        ...(statusCode >= 500 && { error: new Error(String(statusCode)) }),
        attributes: {
          'http.response.status_code': statusCode,
          ...(route && { 'http.route': route }),
        },
      });
    });
    next();
  };
}

/** Notes for a traced message how long the queue took to have it on disk, and has the worker follow. */
export function traceEnqueue<
  Name extends string,
  Message extends { type: string; traceparent?: string | undefined },
>(
  enqueue: (queue: Name, message: Message) => Promise<void>,
  tracing: Tracing | undefined,
): (queue: Name, message: Message) => Promise<void> {
  if (!tracing) return enqueue;
  return async (queue, message) => {
    const { traceparent } = message;
    if (!isSampled(traceparent)) return enqueue(queue, message);
    const span = tracing.start(`send ${queue}`, {
      kind: 'PRODUCER',
      parent: traceparent,
      attributes: {
        'messaging.system': 'bullmq',
        'messaging.destination.name': queue,
        'regulars.command': message.type,
      },
    });
    try {
      await enqueue(queue, { ...message, traceparent: span.traceparent });
      span.end();
    } catch (error) {
      span.end({ error });
      throw error;
    }
  };
}
