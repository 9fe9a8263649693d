import { pipeline } from 'node:stream/promises';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Store } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { authenticate, requirePermission } from './middleware/authenticate.ts';
import { type GuardOptions, guardRoute } from './middleware/guard.ts';
import { createMissCounter } from './middleware/misses.ts';
import { nothingHere, renderProblems } from './middleware/problems.ts';
import { limitRate, type RequestsPerMinute } from './middleware/rate-limit.ts';
import { createRefusals } from './middleware/refusals.ts';
import { logRequests, type OnAnswered } from './middleware/request-log.ts';
import { shedLoad } from './middleware/shed-load.ts';
import { readJson } from './json-body.ts';
import type { Caller, FindApiKey, InBusiness, VisitorPrincipal } from './ports.ts';
import { Problem } from './problems.ts';
import { readHeaders } from './request-headers.ts';
import type { IncomingFile, Reply, RequestHeaders, Route } from './route.ts';
import { healthRouter, type HealthCheck } from './routes/health/router.ts';
import { referenceRouter } from './routes/reference/router.ts';
import type { FindPerson } from './sign-in.ts';
import { parseBody, parseParams, parseQuery } from './validation.ts';

export interface AppOptions {
  routes: readonly Route[];
  findApiKey: FindApiKey;
  findPerson: FindPerson;
  rateLimitStore: Store;
  rateBucketStore: Store;
  requestsPerMinute: RequestsPerMinute;
  guard: GuardOptions;
  trustedProxyHops: number;
  health: HealthCheck;
  /** File of the committed document: making it at boot would cost each edge 10 MB, holding it two. */
  openApiDocument: string;
  /** Whether an error only says that a store is away. */
  isOutage: (error: unknown) => boolean;
  inBusiness: InBusiness;
  onAnswered: OnAnswered;
  /** How late this process does what is due. */
  delayMs: () => number;
  /** Begins or carries on a trace; undefined where nothing is traced. */
  trace: RequestHandler | undefined;
  log: Logger;
}

const DEFAULT_BODY_LIMIT_BYTES = 100_000;

/** The edge's HTTP application: every route of the list, checked, limited and logged alike. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  // A number, never true: a client must not choose its own address.
  app.set('trust proxy', options.trustedProxyHops);
  if (options.trace) app.use(options.trace);
  app.use(logRequests(options.log, options.onAnswered), apiHeaders);

  const find = { apiKey: options.findApiKey, person: options.findPerson };
  const limit = limitRate({
    requestsPerMinute: options.requestsPerMinute,
    store: options.rateLimitStore,
    bucketStore: options.rateBucketStore,
    isCommand: (request) => request.method !== 'GET',
    onStoreAway: (error) => options.log.warn({ err: error }, 'rate limits cannot be counted'),
  });
  const refusals = createRefusals({
    perMinute: options.requestsPerMinute.address,
    now: () => Date.now(),
  });
  const shed = shedLoad(options.delayMs);
  const misses = createMissCounter(options.guard);
  const render = renderProblems({ ...options, onProblem: misses.noteProblem });
  for (const route of options.routes) {
    const bodyParsers = route.body ? parseJson(route) : [];
    const guard = guardRoute(route, options.guard);
    app[route.method](
      route.path,
      named(route),
      authenticate(find, route.scope, refusals),
      limit,
      requirePermission(route.scope),
      // After the limit, which refuses whoever sends too much: the others are not to pay for them.
      shed,
      ...guard.callers,
      ...bodyParsers,
      ...guard.accounts,
      serve(route, { inBusiness: options.inBusiness, misses }),
      // Here, so that what is refused need not walk past all other routes first.
      render,
    );
  }
  for (const path of new Set(options.routes.map((route) => route.path))) {
    // One layer for all methods; `app.all` makes one of each of the thirty.
    app.route(path).all(methodNotAllowed(options.routes.filter((route) => route.path === path)));
  }
  // After the API: what is asked for a thousand times as often should not walk past these.
  app.use(healthRouter(options.health), referenceRouter(options.openApiDocument));
  app.use(nothingHere);
  app.use(render);
  return app;
}

/** What a JSON answer needs of helmet; the rest is for pages, which bring their own. */
const apiHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

function named(route: Route): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = route.name;
    next();
  };
}

function parseJson(route: Route): RequestHandler[] {
  const limit = route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
  return [
    (request, _response, next) => {
      if (!hasBody(request)) throw new Problem('body-required');
      if (!isJsonInUtf8(request)) throw new Problem('unsupported-media-type');
      next();
    },
    express.raw({ type: () => true, limit }),
    (request, _response, next) => {
      const bytes = request.body as Buffer | undefined;
      // Whoever hangs up before their body is whole leaves none.
      if (!bytes) throw new Problem('malformed-request');
      request.body = readJson(bytes);
      next();
    },
  ];
}

function isJsonInUtf8(request: Request): boolean {
  if (!request.is('application/json')) return false;
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

function serve(
  route: Route,
  { inBusiness, misses }: { inBusiness: InBusiness; misses: ReturnType<typeof createMissCounter> },
): RequestHandler {
  return async (request, response) => {
    const principal = response.locals['principal'] as Caller | VisitorPrincipal | undefined;
    const input = {
      params: route.params && parseParams(route.params, request.params),
      query: route.query && parseQuery(route.query, request.query),
      body: route.body && parseBody(route.body, request.body),
      principal,
      headers: withDefaultWait(route, readHeaders(request.headers)),
      stillHolds: (response.locals['stillHolds'] ?? always) as () => Promise<boolean>,
      file: route.takesFile ? fileOf(request) : undefined,
    };
    // Visitors are of no business yet, and pages for everybody say whose they are.
    const within: Within =
      principal && principal.kind !== 'visitor'
        ? (work) => inBusiness(principal.businessId, work)
        : (work) => work();
    const reply = await within(() => route.handle(input));
    if (reply.live) return openLive(reply.live, reply, response);
    if (reply.missedJob !== undefined) misses.noteJob(reply.missedJob, request, response);
    if (reply.stream) return sendStream(reply, eachWithin(reply.stream, within), response);
    if (reply.body === undefined) {
      response.writeHead(reply.status, { 'Cache-Control': 'no-store', ...reply.headers });
      response.end();
      return;
    }
    const text = JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-store',
      ...reply.headers,
    });
    response.end(text);
  };
}

type Within = <T>(work: () => T) => T;

/** A stream is asked for more whenever its reader has room, which is outside of any work. */
function eachWithin(stream: AsyncIterable<string>, within: Within): AsyncIterable<string> {
  const iterator = stream[Symbol.asyncIterator]();
  const ended = { done: true, value: undefined } as const;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => within(() => iterator.next()),
      return: async () => (await within(() => iterator.return?.())) ?? ended,
    }),
  };
}

function fileOf(request: Request): IncomingFile {
  if (!hasBody(request)) throw new Problem('body-required');
  return { content: request, contentType: request.headers['content-type'] };
}

/** A key is asked with each request, and opens nothing that stays open. */
const always = async () => true;

/** What a reader may leave unread before it is cut off; it comes back and is shown what it missed. */
const MAX_UNREAD_BYTES = 65_536;

function openLive(open: NonNullable<Reply['live']>, reply: Reply, response: Response): void {
  response.locals['answeredAt'] = performance.now();
  // Whoever hung up meanwhile has closed already, and would never be noticed to end.
  if (response.closed || response.destroyed) return;
  response.writeHead(reply.status, { 'Cache-Control': 'no-store', ...reply.headers });
  response.flushHeaders();
  open({
    send(text) {
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      else response.write(text);
    },
    end: () => response.end(),
    onEnd: (listener) => response.once('close', listener),
  });
}

/** A stream that fails midway breaks the connection, so that no half file passes for a whole one. */
async function sendStream(
  reply: Reply,
  stream: AsyncIterable<string>,
  response: Response,
): Promise<void> {
  response.writeHead(reply.status, { 'Cache-Control': 'no-store', ...reply.headers });
  await pipeline(stream, response).catch((error: Error & { code?: string }) => {
    // The client went away: nobody is left to be told.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

function withDefaultWait(route: Route, headers: RequestHeaders): RequestHeaders {
  const { defaultWaitSeconds } = route;
  if (headers.waitSeconds !== undefined || defaultWaitSeconds === undefined) return headers;
  return { ...headers, waitSeconds: defaultWaitSeconds };
}

function methodNotAllowed(routes: readonly Route[]): RequestHandler {
  const allow = routes.map((route) => route.method.toUpperCase()).join(', ');
  return () => {
    throw new Problem('method-not-allowed', { headers: { Allow: allow } });
  };
}

function hasBody(request: Request): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length ?? '0') !== '0';
}
