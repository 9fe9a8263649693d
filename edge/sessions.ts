import { z } from 'zod';
import { type Instant, toIso } from '../domain/values/time.ts';
import type { Caller, Pool, TokenOwner } from './ports.ts';
import { Problem } from './problems.ts';
import { defineRoute, type Route } from './route.ts';

/** Somebody's being signed in on one device, from the sign-in on. */
export interface Session {
  id: string;
  /** As the device calls itself. */
  device: string | null;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  revokedAt: Instant | null;
}

/** Who is signed in, to the sign-in service. */
export interface Person {
  pool: Pool;
  subject: string;
}

/** Where somebody is signed in, and how that ends. */
export interface Sessions {
  /** Notes that a session is in use. Waits for nothing and never fails. */
  note(owner: TokenOwner, device: string | undefined): void;
  /** Live and lately ended ones, last seen first; at most 100. */
  list(person: Person): Promise<Session[]>;
  /** Ends one: its tokens are refused everywhere within seconds. False when there is none. */
  revoke(person: Person, sessionId: string): Promise<boolean>;
  /** Ends all, also those that were never noted. */
  revokeAll(person: Person): Promise<void>;
}

export interface SessionDependencies {
  /** Undefined where no sessions are kept. */
  sessions: Sessions | undefined;
}

/** As a sign-in service names them: Cognito's `origin_jti`. */
const sessionId = z.string().regex(/^[\w-]{1,64}$/);

const sessionSchema = z
  .object({
    id: z.string(),
    device: z.string().nullable().meta({ description: 'As it calls itself (User-Agent).' }),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().meta({ description: 'To a few minutes.' }),
    revokedAt: z.iso.datetime().nullable(),
    isCurrent: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
  })
  .meta({ id: 'Session' });

/** Customers and staff have the same routes, each under a path of their own. */
const audiences = {
  customer: {
    tag: 'Customer',
    path: '/v1/customer/me/sessions',
    read: 'self:read',
    write: 'self:write',
  },
  staff: { tag: 'Admin', path: '/v1/admin/me/sessions', read: 'staff:self', write: 'staff:self' },
} as const;
type Audience = keyof typeof audiences;

/** `GET …/me/sessions`: where somebody is signed in. */
export function listSessionsRoute(deps: SessionDependencies, name: string, audience: Audience) {
  const { tag, path, read } = audiences[audience];
  return defineRoute({
    name,
    method: 'get',
    path,
    tag,
    summary: 'Where I am signed in',
    description: 'Ended ones stay for a while, last seen first; 100 at most.',
    scope: read,
    responses: {
      200: { description: 'Your sessions.', schema: z.object({ data: z.array(sessionSchema) }) },
    },
    async handle({ principal }) {
      const { sessions, person, current } = whose(deps, principal);
      const found = await sessions.list(person);
      return { status: 200, body: { data: found.map((session) => present(session, current)) } };
    },
  }) satisfies Route;
}

/** `DELETE …/me/sessions/{id}`: ends one. */
export function revokeSessionRoute(deps: SessionDependencies, name: string, audience: Audience) {
  const { tag, path, write } = audiences[audience];
  return defineRoute({
    name,
    method: 'delete',
    path: `${path}/:id`,
    tag,
    summary: 'Sign out there',
    description: 'Its tokens are refused everywhere within seconds, new ones included.',
    scope: write,
    params: z.object({ id: sessionId }),
    responses: { 204: { description: 'Ended.' } },
    async handle({ params, principal }) {
      const { sessions, person } = whose(deps, principal);
      if (!(await sessions.revoke(person, params.id))) throw new Problem('not-found');
      return { status: 204 };
    },
  }) satisfies Route;
}

/** `DELETE …/me/sessions`: ends all, the one that asks included. */
export function revokeSessionsRoute(deps: SessionDependencies, name: string, audience: Audience) {
  const { tag, path, write } = audiences[audience];
  return defineRoute({
    name,
    method: 'delete',
    path,
    tag,
    summary: 'Sign out everywhere',
    description: 'This session included. Signing in again begins a new one.',
    scope: write,
    responses: { 204: { description: 'Ended.' } },
    async handle({ principal }) {
      const { sessions, person } = whose(deps, principal);
      await sessions.revokeAll(person);
      return { status: 204 };
    },
  }) satisfies Route;
}

function whose({ sessions }: SessionDependencies, principal: Caller) {
  if (!sessions || principal.kind === 'integration') {
    throw new Problem('not-found', { detail: 'No sessions are kept here.' });
  }
  const pool: Pool = principal.kind === 'staff' ? 'staff' : 'customers';
  const person = { pool, subject: principal.subject };
  return { sessions, person, current: principal.sessionId };
}

function present(session: Session, current: string) {
  const { id, device, firstSeenAt, lastSeenAt, revokedAt } = session;
  return {
    id,
    device,
    firstSeenAt: toIso(firstSeenAt),
    lastSeenAt: toIso(lastSeenAt),
    revokedAt: revokedAt === null ? null : toIso(revokedAt),
    isCurrent: id === current,
  };
}
