import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Permission, permissions } from '../domain/tenancy/permissions.ts';
import type { LiveConnection } from './live-screens.ts';
import type { CustomerPrincipal, PosPrincipal, StaffPrincipal, VisitorPrincipal } from './ports.ts';

/** What a route needs of the request, parsed and checked. */
export interface RouteInput<Params, Query, Body, Principal = unknown> {
  params: Params;
  query: Query;
  body: Body;
  /** Whoever the route's permission lets in. */
  principal: Principal;
  headers: RequestHeaders;
  /** Whether a person may still do what they were let in for: asked anew. */
  stillHolds: () => Promise<boolean>;
  /** The body as it arrives, for a route that takes a file. */
  file?: IncomingFile | undefined;
}

export interface IncomingFile {
  content: Readable;
  /** As it came. */
  contentType: string | undefined;
}

export interface RequestHeaders {
  idempotencyKey: string | undefined;
  /** Seconds from `Prefer: wait=N`; undefined when the client did not ask. */
  waitSeconds: number | undefined;
  traceparent: string | undefined;
  /** As it came; see `readRevision`. */
  ifMatch?: string | undefined;
  /** As it came. */
  ifNoneMatch?: string | undefined;
  /** As it came. */
  accept?: string | undefined;
  /** As it came. */
  lastEventId?: string | undefined;
}

export interface Reply {
  status: number;
  body?: unknown;
  /** Stays open instead of a body, and is written to as things happen. */
  live?: (connection: LiveConnection) => void;
  /** The job that the answer shows, where it ended because nobody has the code it named. */
  missedJob?: string;
  /** Sent piece by piece instead of a body; the headers say what it is. */
  stream?: AsyncIterable<string>;
  headers?: Readonly<Record<string, string>>;
}

/** Limits closer than those of all routes, where guessing would pay. */
export interface RouteGuard {
  /** What a key, a person or an address may send here in a minute. */
  perMinute: number;
  /** And what may be tried for one account in a minute, by whomever; what succeeds is not counted. */
  perAccount?: number;
  /** Whether answers that there is no such thing are counted, as a sign of guessing. */
  countsMisses?: boolean;
}

/** How long a person's command waits for its outcome unless told otherwise. */
export const ADMIN_WAIT_SECONDS = 5;

/** A documented answer. */
export interface RouteResponse {
  description: string;
  schema?: z.ZodType;
  /** What it is sent as, where it is a file. */
  contentType?: string;
}

/**
 * One endpoint of the API, told once: the server routes, checks and limits by it, and the OpenAPI
 * document is made from it.
 */
export interface Route {
  /** Same name as the folder; also the operationId. */
  name: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path; `:id` for parameters. */
  path: string;
  tag: 'POS' | 'Jobs' | 'Admin' | 'Counter' | 'Customer' | 'Public';
  summary: string;
  description?: string;
  /** What a caller needs: a row of the permissions. */
  scope: Permission;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** A body to show, where the route's command is posted in another shape elsewhere. */
  exampleBody?: object;
  /** Where guessing would pay. */
  guard?: RouteGuard;
  /** The media type of the file that it takes as its body, instead of JSON. */
  takesFile?: string;
  /** Largest body taken, in bytes. */
  bodyLimitBytes?: number;
  /** Whether the idempotency and wait headers mean something here. */
  isCommand?: boolean;
  /** Whether a field of the body serves as the key when the header is left out. */
  hasDefaultKey?: boolean;
  /** Whether If-Match must name the revision that is to be changed. */
  needsRevision?: boolean;
  /** How long a client that says nothing waits for the outcome; people do, tills do not. */
  defaultWaitSeconds?: number;
  responses: Readonly<Record<number, RouteResponse>>;
  handle(input: RouteInput<unknown, unknown, unknown>): Promise<Reply>;
}

/** Who can pass a permission, by the columns of its row. */
type PrincipalOf<P extends Permission> = P extends Permission ? HolderOf<P> : never;
type HolderOf<P extends Permission> =
  | ((typeof permissions)[P] extends { scope: string } ? PosPrincipal : never)
  | ((typeof permissions)[P] extends { roles: readonly string[] } ? StaffPrincipal : never)
  | ((typeof permissions)[P] extends { customers: true } ? CustomerPrincipal : never)
  | ((typeof permissions)[P] extends { visitors: true } ? VisitorPrincipal : never)
  | ((typeof permissions)[P] extends { anybody: true } ? undefined : never);

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What the handler of a route is given, by the route's permission and schemas. */
export type InputOf<Needed extends Permission, Params, Query, Body> = RouteInput<
  Output<Params>,
  Output<Query>,
  Output<Body>,
  PrincipalOf<Needed>
>;

/** Declares a route; its handler's input has the types of its schemas. */
export function defineRoute<
  const Needed extends Permission,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, 'handle' | 'scope' | 'params' | 'query' | 'body'> & {
    scope: Needed;
    params?: Params;
    query?: Query;
    body?: Body;
    handle(input: InputOf<Needed, Params, Query, Body>): Promise<Reply>;
  },
): Route {
  return route as unknown as Route;
}
