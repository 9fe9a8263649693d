import type { Queue } from 'bullmq';
import { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { NoteOperationPayload } from '../../queues/commands/note-operation.ts';
import type { NoteOperation } from './ports.ts';
import { operatorOf } from './sign-in.ts';

type Pressed = Pick<NoteOperationPayload, 'action' | 'queue' | 'jobIds' | 'reason'>;

/** The buttons of Bull Board that may be pressed. */
const BUTTONS: readonly [RegExp, (found: readonly string[]) => Pressed][] = [
  [
    /^\/api\/queues\/([\w-]+)\/([\w-]+)\/(retry|promote)(?:\/\w+)?$/,
    ([, queue = '', jobId = '', action]) => ({
      action: action === 'retry' ? 'retry' : 'promote',
      queue,
      jobIds: [jobId],
    }),
  ],
  [
    /^\/api\/queues\/([\w-]+)\/(retry\/failed|promote)$/,
    ([, queue = '', action]) => ({
      action: action === 'promote' ? 'promote' : 'retry',
      queue,
      jobIds: [],
      reason: 'all of them',
    }),
  ],
  [
    /^\/api\/queues\/([\w-]+)\/(pause|resume)$/,
    ([, queue = '', action]) => ({
      action: action === 'pause' ? 'pause' : 'resume',
      queue,
      jobIds: [],
    }),
  ],
];

/**
 * Bull Board, for looking closely. Of its buttons those work that take nothing away: retry, promote, pause
 * and resume, each noted first. Emptying a queue or editing a job would break what a 202 promised.
 */
export function boardRouter(options: {
  queues: readonly Queue[];
  basePath: string;
  note: NoteOperation;
}): RequestHandler {
  const router = Router();
  router.use(
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
    async (request, response, next) => {
      if (request.method === 'GET' || request.method === 'HEAD') return next();
      const pressed = buttonOf(request.method, request.path);
      if (!pressed) {
        response.status(403).json({ error: 'This is not done from here: jobs are promises.' });
        return;
      }
      await options.note({ operator: operatorOf(response).name, ...pressed });
      next();
    },
  );
  let board: Promise<RequestHandler> | undefined;
  router.use(async (request, response, next) => {
    board ??= loadBoard(options.queues, options.basePath);
    await (
      await board
    )(request, response, next);
  });
  return router;
}

function buttonOf(method: string, path: string): Pressed | undefined {
  if (method !== 'PUT') return undefined;
  for (const [pattern, read] of BUTTONS) {
    const found = pattern.exec(path);
    if (found) return read(found);
  }
  return undefined;
}

/** Loaded when somebody looks: it would cost each edge 15 MB. */
async function loadBoard(queues: readonly Queue[], basePath: string): Promise<RequestHandler> {
  const { createBullBoard } = await import('@bull-board/api');
  const { BullMQAdapter } = await import('@bull-board/api/bullMQAdapter');
  const { ExpressAdapter } = await import('@bull-board/express');
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(basePath);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Regulars' } },
  });
  return serverAdapter.getRouter() as RequestHandler;
}
