import { z } from 'zod';
import type { OfficePermission } from '../../domain/tenancy/permissions.ts';
import type { IdKind, IdSource } from '../../domain/values/ids.ts';
import { type Instant, MINUTE_MS } from '../../domain/values/time.ts';
import type { CommandGate } from '../command-gate.ts';
import type { AnyCommand } from '../command-route.ts';
import type { JobView } from '../jobs.ts';
import { pageFields, pageReply, pageSchema } from '../pages.ts';
import type { Caller, CursorSealer, ResourceReader, SetupReader } from '../ports.ts';
import { Problem } from '../problems.ts';
import { readRevision } from '../request-headers.ts';
import {
  ADMIN_WAIT_SECONDS,
  defineRoute,
  type Reply,
  type RequestHeaders,
  type Route,
} from '../route.ts';
import { acceptedSchema, idSchema } from '../schemas.ts';

/** Something that people set up and change: it has an id, a revision, and lists. */
export interface Resource<View extends ResourceView> {
  kind: IdKind;
  /** Where the list is; one of them is below it. */
  path: string;
  schema: z.ZodType<View>;
  /** Whether there is one per business, found without an id: the business itself. */
  isOwn?: boolean;
  /** Who may see it, and who may change it. */
  permissions: { read: OfficePermission; write: OfficePermission };
  reader: (setup: SetupReader) => ResourceReader<View>;
}

export interface ResourceView {
  id: string;
  revision: number;
}

export interface ResourceDependencies {
  gate: CommandGate;
  setup: SetupReader;
  cursors: CursorSealer;
  ids: IdSource;
  now: () => Instant;
}

/** How long the repeat of a request is told again what is told once: its first answer was lost. */
const TOLD_AGAIN_MS = 10 * MINUTE_MS;

/** Declares a resource; exists so that its view has the type of its schema. */
export function defineResource<View extends ResourceView>(
  resource: Resource<View>,
): Resource<View> {
  return resource;
}

/** `GET {path}`: all of them, a page at a time, oldest first. */
export function listResource<View extends ResourceView>(
  deps: ResourceDependencies,
  resource: Resource<View>,
  route: { name: string; summary: string; description?: string },
): Route {
  return defineRoute({
    ...route,
    ...readAccess(resource),
    method: 'get',
    path: resource.path,
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(resource.schema) } },
    handle: ({ query, principal }) =>
      pageReply(
        deps.cursors,
        { name: route.name, principal, query, positionOf: (item: View) => [item.id] },
        ({ limit, after }) =>
          resource.reader(deps.setup).list(principal.businessId, { limit, after: after?.[0] }),
      ),
  });
}

/** `GET {path}/{id}`: one of them, with its revision as ETag. */
export function getResource<View extends ResourceView>(
  deps: ResourceDependencies,
  resource: Resource<View>,
  route: { name: string; summary: string; description?: string },
): Route {
  return defineRoute({
    ...route,
    ...readAccess(resource),
    method: 'get',
    ...pathOf(resource),
    responses: { 200: { description: 'As it is now.', schema: resource.schema } },
    async handle({ params, principal }) {
      const id = params?.id ?? principal.businessId;
      const view = await resource.reader(deps.setup).find(principal.businessId, id);
      if (!view) throw new Problem('not-found');
      return { status: 200, body: view, headers: { ETag: etag(view) } };
    },
  });
}

/** What a request becomes on its way: what travels, and what only its sender is told. */
export interface Prepared {
  payload: object;
  /** What a repeat is compared by, where it is not what travels: nothing is sealed alike twice. */
  compared?: object;
  /** Added to the answer while it is new. */
  once?: object;
}

/** `POST {path}`: adds one. Needs an Idempotency-Key; answers 201 with it and where it is. */
export function createResource<View extends ResourceView>(
  deps: ResourceDependencies,
  resource: Resource<View>,
  route: {
    command: AnyCommand;
    summary: string;
    description?: string;
    /** Where what travels is not the body as it came. */
    prepare?: (body: never, sent: { principal: Caller; headers: RequestHeaders }) => Prepared;
    /** What is told once, as fields of the answer. */
    once?: z.ZodRawShape;
  },
): Route {
  const { command, prepare, once = {}, ...told } = route;
  return defineRoute({
    ...told,
    ...writeAccess(resource),
    name: command.name,
    method: 'post',
    path: resource.path,
    body: command.body,
    responses: {
      201: { description: 'Added.', schema: withFields(resource.schema, once) },
      202: { description: 'Queued. Poll the job.', schema: withFields(acceptedSchema, once) },
    },
    async handle({ body, principal, headers }) {
      const sent = { principal, headers };
      const prepared: Prepared = prepare?.(body as never, sent) ?? { payload: body as object };
      const { payload, compared = payload } = prepared;
      const request = { command, body: compared, payload, principal, headers };
      const reply = await presented(deps, resource, principal, await deps.gate.reply(request, 201));
      return withOnce(reply, prepared, { since: 'createdAt', now: deps.now() });
    },
  });
}

/**
 * Changes one of them: `PATCH {path}/{id}` unless told otherwise, `POST {path}/{id}/{action}` for a
 * transition. Needs If-Match; answers as a GET would. A repeat finds the revision gone (412), so the
 * Idempotency-Key may be left out.
 */
export function changeResource<View extends ResourceView>(
  deps: ResourceDependencies,
  resource: Resource<View>,
  route: {
    command: AnyCommand;
    summary: string;
    description?: string;
    method?: 'patch' | 'put' | 'delete' | 'post';
    /** Last part of the path, for a transition or a part. */
    action?: string;
    /**
     * Where what travels is not the body as it came.
     * @param sent.key what makes the request unique to its sender
     */
    prepare?: (body: never, sent: { principal: Caller; key: string }) => Prepared;
    /** What is told once, as fields of the answer. */
    once?: z.ZodRawShape;
  },
): Route {
  const { command, action, prepare, once = {}, ...told } = route;
  const { method = action === undefined ? 'patch' : 'post' } = route;
  // A transition says it all in its path; its body, where it has none to speak of, is left out.
  const hasBody = Object.keys((command.body as z.ZodObject).shape).length > 0;
  return defineRoute({
    ...told,
    ...writeAccess(resource),
    name: command.name,
    method,
    ...pathOf(resource, action),
    needsRevision: true,
    ...(hasBody && { body: command.body }),
    responses: {
      200: { description: 'Changed.', schema: withFields(resource.schema, once) },
      202: { description: 'Queued. Poll the job.', schema: withFields(acceptedSchema, once) },
    },
    async handle({ params, body, principal, headers }) {
      const id = params?.id ?? principal.businessId;
      const target = { id, expectedRevision: readRevision(headers) };
      const freshKey = deps.ids.code();
      const sent = { principal, key: headers.idempotencyKey ?? freshKey };
      const prepared: Prepared = prepare?.(body as never, sent) ?? {
        payload: (body ?? {}) as object,
      };
      const payload = { ...target, ...prepared.payload };
      const compared = { ...target, ...(prepared.compared ?? prepared.payload) };
      const request = { command, body: compared, payload, principal, headers, freshKey };
      const reply = await presented(deps, resource, principal, await deps.gate.reply(request, 200));
      return withOnce(reply, prepared, { since: 'updatedAt', now: deps.now() });
    },
  });
}

/** The entity tag of a resource: its revision. */
export function etag(view: { revision: number }): string {
  return `"${view.revision}"`;
}

/** Where one of them is, or a part of it. */
function pathOf(resource: Pick<Resource<ResourceView>, 'isOwn' | 'kind' | 'path'>, part?: string) {
  const end = part === undefined ? '' : `/${part}`;
  if (resource.isOwn) return { path: `${resource.path}${end}`, params: undefined };
  const params = z.object({ id: idSchema(resource.kind) });
  return { path: `${resource.path}/:id${end}`, params };
}

function withFields(schema: z.ZodType, once: z.ZodRawShape): z.ZodType {
  const fields = Object.keys(once);
  if (fields.length === 0 || !(schema instanceof z.ZodObject)) return schema;
  return z.object({ ...(schema.shape as z.ZodRawShape), ...z.object(once).partial().shape });
}

/**
 * Adds what is told once, where the answer is the first, or its repeat soon after, and not one that
 * somebody dug up.
 */
function withOnce(
  reply: Reply,
  { once }: Prepared,
  told: { since: 'createdAt' | 'updatedAt'; now: Instant },
): Reply {
  if (!once) return reply;
  const body = reply.body as { job?: JobView; createdAt?: string; updatedAt?: string };
  const since = Date.parse(body[told.since] ?? '');
  const isNew = body.job ? body.job.finishedAt === undefined : told.now - since < TOLD_AGAIN_MS;
  return isNew ? { ...reply, body: { ...body, ...once } } : reply;
}

/** Answers a finished command with the resource as a GET shows it; a 202 stays as it is. */
async function presented<View extends ResourceView>(
  deps: ResourceDependencies,
  resource: Resource<View>,
  principal: Caller,
  reply: Reply,
): Promise<Reply> {
  if (reply.status === 202) return reply;
  const { id } = reply.body as { id: string };
  const view = await resource.reader(deps.setup).find(principal.businessId, id);
  if (!view) throw new Problem('not-found');
  const location = resource.isOwn ? resource.path : `${resource.path}/${id}`;
  const headers = { ...reply.headers, Location: location, ETag: etag(view) };
  return { status: reply.status, body: view, headers };
}

const readAccess = ({ permissions: { read } }: Pick<Resource<ResourceView>, 'permissions'>) =>
  ({ tag: 'Admin', scope: read }) as const;

const writeAccess = ({ permissions: { write } }: Pick<Resource<ResourceView>, 'permissions'>) =>
  ({
    tag: 'Admin',
    scope: write,
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
  }) as const;
