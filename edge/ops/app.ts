import type { Queue } from 'bullmq';
import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { BusinessId, JobId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { ContactSealer } from '../../queues/contact.ts';
import { act, actionNames, sayDone } from './actions.ts';
import { boardRouter } from './board.ts';
import { findJobs } from './find-jobs.ts';
import { type Content, html } from './html.ts';
import { page, type PageContext } from './layout.ts';
import { failuresPage, jobPage } from './pages/job.ts';
import { deadLetterPanel, deadLettersPage, webhookPanel } from './pages/panels.ts';
import { failureTable, logPage, overviewPage } from './pages/overview.ts';
import { listQueued, searchForm, searchPage } from './pages/search.ts';
import type {
  DeadLetterDesk,
  FailureGroup,
  JobDesk,
  NoteOperation,
  OpsBooks,
  QueuedJob,
  ReplayWebhooks,
} from './ports.ts';
import {
  type OperatorAccount,
  operatorOf,
  operatorsOnly,
  requirePassword,
  sameOriginOnly,
} from './sign-in.ts';
import { STYLE } from './style.ts';

export interface OpsAppOptions {
  queues: readonly Queue[];
  desk: JobDesk;
  books: OpsBooks;
  sealer: Pick<ContactSealer, 'open'>;
  note: NoteOperation;
  deadLetters: DeadLetterDesk;
  replayWebhooks: ReplayWebhooks;
  accounts: readonly OperatorAccount[];
  /** Everything as Prometheus reads it. */
  readMetrics: () => Promise<string>;
  now: () => Instant;
  log: Logger;
}

/** Jobs of a group that are listed. */
const LISTED = 100;
const BOARD = '/ops/board';

/**
 * The ops listener, on a port of its own, where nothing is shown without a password: pages that find jobs
 * and let them be tried again at `/ops`, Bull Board at `/ops/board`, and `/metrics`.
 */
export function createOpsApp(options: OpsAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(requirePassword(options.accounts), sameOriginOnly, operatorsOnly);
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await options.readMetrics());
  });
  app.use(BOARD, boardRouter({ ...options, basePath: BOARD }));
  app.use(strictHeaders);
  addPages(app, options);
  addActions(app, options);
  app.get('/', (_request, response) => response.redirect('/ops'));
  app.use((_request, response) => {
    send(response.status(404), problemPage(contextOf(response, options), 'There is nothing here.'));
  });
  app.use(((error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    options.log.error({ err: error }, 'an ops page failed');
    const told = 'This cannot be shown or done right now, and nothing was changed. Try it again.';
    send(response.status(503), problemPage(contextOf(response, options), told));
  }) satisfies ErrorRequestHandler);
  return app;
}

/** No script at all, and nothing from elsewhere. */
const strictHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ['data:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // Forms say where they are from, which with no referrer they would not.
  referrerPolicy: { policy: 'same-origin' },
});

function addPages(app: Express, options: OpsAppOptions): void {
  const { desk, books } = options;
  app.get('/ops/style.css', (_request, response) => {
    response.type('css').set('Cache-Control', 'private, max-age=300').send(STYLE);
  });
  app.get('/ops', async (request, response) => {
    const context = contextOf(response, options, sayDone(request.query));
    const away: string[] = [];
    const orNothing = async <T>(name: string, known: Promise<T>, nothing: T): Promise<T> =>
      known.catch((error: unknown) => {
        options.log.warn({ err: error }, 'a part of the overview is away');
        away.push(name);
        return nothing;
      });
    const [queues, failures, outbox, letters, endpoints] = await Promise.all([
      orNothing('queues', desk.queues(), []),
      orNothing('failed jobs', desk.failures(), { groups: [], looked: 0, failed: 0 }),
      orNothing('the outbox', books.measureOutbox(), []),
      orNothing('dead letters', options.deadLetters.depths(), []),
      orNothing('webhooks', books.findTroubledEndpoints(), []),
    ]);
    const names = await orNothing(
      'names of businesses',
      books.namesOf([...new Set(endpoints.map(({ businessId }) => businessId))]),
      new Map(),
    );
    const panels = [deadLetterPanel(context, letters), webhookPanel(context, endpoints, names)];
    send(response, overviewPage(context, { queues, failures, outbox, away }, panels));
  });
  app.get('/ops/search', async (request, response) => {
    const input = { text: textOf(request.query['q']), business: textOf(request.query['business']) };
    const context = contextOf(response, options, sayDone(request.query));
    if (input.text.trim() === '') return response.redirect('/ops');
    send(response, searchPage(context, input, await findJobs(options, input)));
  });
  app.get('/ops/failures', async (request, response) => {
    const context = contextOf(response, options, sayDone(request.query));
    const content = failureTable(context, await desk.failures());
    send(response, page(context, { title: 'Failed jobs', place: '/ops/failures', content }));
  });
  app.get('/ops/failures/:key', async (request, response) => {
    const context = contextOf(response, options, sayDone(request.query));
    const { groups } = await desk.failures();
    const group = groups.find(({ key }) => key === request.params.key);
    if (!group) {
      const none = 'No failed job is of this group any more.';
      return send(response.status(404), problemPage(context, none));
    }
    send(response, failuresPage(context, group, await listGroup(options, group)));
  });
  app.get('/ops/jobs/:id', async (request, response) => {
    const context = contextOf(response, options, sayDone(request.query));
    const found = await lookUp(options, request.params.id);
    const shown = jobPage(context, found);
    if (shown !== undefined) return send(response, shown);
    send(response.status(404), problemPage(context, 'Nobody knows a job of this id.'));
  });
  app.get('/ops/dead-letters/:function', async (request, response) => {
    const context = contextOf(response, options, sayDone(request.query));
    const letters = await options.deadLetters.peek(request.params.function);
    if (letters) return send(response, deadLettersPage(context, request.params.function, letters));
    send(response.status(404), problemPage(context, 'There is no such function here.'));
  });
  app.get('/ops/log', async (_request, response) => {
    send(response, logPage(contextOf(response, options), await books.listOperations(100)));
  });
}

function addActions(app: Express, options: OpsAppOptions): void {
  for (const action of actionNames) {
    app.post(
      `/ops/actions/${action}`,
      express.urlencoded({ extended: false, limit: 2_000, parameterLimit: 10 }),
      async (request, response) => {
        const done = await act(options, operatorOf(response), action, request.body);
        const back = backOf(request.headers.referer);
        for (const [name, value] of Object.entries(done))
          back.searchParams.set(name, String(value));
        // 303: what comes next is a page, and loading that anew presses nothing.
        response.redirect(303, back.pathname + back.search);
      },
    );
  }
}

/** The page that a button stood on, without what the button before it said. */
function backOf(referer: string | undefined): URL {
  const back = new URL('/ops', 'http://ops.invalid');
  const came = URL.parse(referer ?? '');
  if (
    !came ||
    !/^\/ops\/(search|failures|(jobs|failures|dead-letters)\/[\w-]+)$/.test(came.pathname)
  )
    return back;
  back.pathname = came.pathname;
  for (const name of ['q', 'business']) {
    const value = came.searchParams.get(name);
    if (value !== null) back.searchParams.set(name, value);
  }
  return back;
}

async function listGroup({ desk, books }: OpsAppOptions, group: FailureGroup) {
  const jobs: QueuedJob[] = [];
  for (const id of group.jobIds.slice(0, LISTED)) {
    const job = await desk.find(id);
    if (job) jobs.push(job);
  }
  const businesses = new Set(jobs.map(({ envelope }) => envelope.businessId));
  return { jobs: jobs.map(listQueued), names: await books.namesOf([...businesses]) };
}

async function lookUp({ desk, books }: OpsAppOptions, id: string) {
  const queued = await desk.find(id);
  const businesses: BusinessId[] = queued
    ? [queued.envelope.businessId]
    : (await books.findBusinesses('')).map((business) => business.id);
  const isJob = /^job_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(id);
  const booked = isJob ? await books.findJob(id as JobId, businesses) : undefined;
  const owner = booked?.businessId ?? queued?.envelope.businessId;
  return { queued, booked, names: await books.namesOf(owner ? [owner] : []) };
}

function contextOf(response: Response, { now }: OpsAppOptions, said?: Content): PageContext {
  return { operator: operatorOf(response), now: now(), said };
}

function problemPage(context: PageContext, told: string): string {
  const content = html`<p class="said bad" role="alert">${told}</p>
    ${searchForm({})}`;
  return page(context, { title: 'Nothing to show', place: '', content });
}

function send(response: Response, text: string): void {
  response.type('html').set('Cache-Control', 'no-store').send(text);
}

/** A field that came once; a repeated one is nobody's. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
