import { createHash, timingSafeEqual } from 'node:crypto';
import type { Queue } from 'bullmq';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

export interface OpsAppOptions {
  queues: readonly Queue[];
  user: string;
  password: string;
  /** Everything as Prometheus reads it. */
  readMetrics: () => Promise<string>;
}

/** The ops listener: Bull Board at `/ops`, behind a password, on a port of its own. */
export function createOpsApp(options: OpsAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          // Bull Board passes its settings in an inline script and styles itself inline.
          scriptSrc: ["'self'", "'unsafe-inline'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          // The listener speaks plain HTTP inside a tunnel.
          upgradeInsecureRequests: null,
        },
      },
    }),
  );
  app.use(requirePassword(options), sameOriginOnly);
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await options.readMetrics());
  });
  let board: Promise<RequestHandler> | undefined;
  app.use('/ops', async (request, response, next) => {
    board ??= loadBoard(options.queues);
    await (
      await board
    )(request, response, next);
  });
  app.get('/', (_request, response) => response.redirect('/ops'));
  return app;
}

/** Bull Board, loaded when somebody looks: it would cost each edge 15 MB. */
async function loadBoard(queues: readonly Queue[]): Promise<RequestHandler> {
  const { createBullBoard } = await import('@bull-board/api');
  const { BullMQAdapter } = await import('@bull-board/api/bullMQAdapter');
  const { ExpressAdapter } = await import('@bull-board/express');
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath('/ops');
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Regulars' } },
  });
  return serverAdapter.getRouter() as RequestHandler;
}

/** HTTP Basic: 401 on every path without the right user and password. */
function requirePassword(options: { user: string; password: string }): RequestHandler {
  const expected = digest(`${options.user}:${options.password}`);
  return (request, response, next) => {
    const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '')?.[1];
    const given = digest(Buffer.from(encoded ?? '', 'base64').toString('utf8'));
    if (timingSafeEqual(given, expected)) return next();
    response.set('WWW-Authenticate', 'Basic realm="Regulars ops", charset="UTF-8"');
    response.status(401).type('text').send('Sign in with the ops user and password.');
  };
}

/** A page elsewhere must not press our buttons: browsers send its origin with every POST. */
const sameOriginOnly: RequestHandler = (request, response, next) => {
  const { origin, host } = request.headers;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead || !origin || URL.parse(origin)?.host === host) return next();
  response.status(403).type('text').send('Requests from other origins are refused.');
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
