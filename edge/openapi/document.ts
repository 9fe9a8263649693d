import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { type Permission, permissions } from '../../domain/tenancy/permissions.ts';
import { PROBLEM_BASE_URL, type ProblemCode, problemTable } from '../problems.ts';
import type { Route } from '../route.ts';
import { problemSchema } from '../schemas.ts';
import { introduction } from './introduction.ts';
import { aboutWebhooks, webhookItems } from './webhooks.ts';

type ExampleBody = (name: string) => object | undefined;

/**
 * The OpenAPI 3.1 document of the routes and of the webhooks, made from the schemas that check them.
 * @param exampleBody a body to show, by the route's name or the event's type
 */
export function openApiDocument(
  routes: readonly Route[],
  exampleBody: { ofRoute: ExampleBody; ofEvent: ExampleBody },
): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [route.method]: operation(route, route.exampleBody ?? exampleBody.ofRoute(route.name)),
    };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Regulars',
      version: '1',
      description: `${introduction}\n\n${problemList()}`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      ...['POS', 'Jobs', 'Counter', 'Customer', 'Admin', 'Public'].map((name) => ({ name })),
      { name: 'Webhooks', description: aboutWebhooks },
    ],
    components: {
      securitySchemes: {
        posKey: { type: 'http', scheme: 'bearer', bearerFormat: 'rk_…' },
        staffToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        customerToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
    paths,
    webhooks: webhookItems(exampleBody.ofEvent),
  });
}

function operation(route: Route, example: object | undefined): ZodOpenApiOperationObject {
  const responses = Object.entries(route.responses).map(([status, response]) => [
    status,
    {
      description: response.description,
      ...((response.schema ?? response.contentType) && {
        content: {
          ...(response.schema && { 'application/json': { schema: response.schema } }),
          ...(response.contentType && { [response.contentType]: { schema: z.string() } }),
        },
      }),
    },
  ]);
  return {
    operationId: route.name,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description && { description: route.description }),
    security: securityOf(route.scope),
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(route.query && { query: route.query }),
    },
    ...(route.isCommand && { parameters: commandHeaders(route) }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: route.body, ...(example && { example }) } },
      },
    }),
    ...(route.takesFile && {
      requestBody: { required: true, content: { [route.takesFile]: { schema: z.string() } } },
    }),
    responses: {
      ...Object.fromEntries(responses),
      default: {
        description: 'A problem.',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  };
}

function keyMayBeLeftOut(route: Route): string {
  if (route.hasDefaultKey) return ' May be left out: `externalId` serves.';
  if (route.needsRevision) return ' May be left out: a revision is changed only once.';
  return '';
}

/** Which credentials a route takes; none where anybody may. */
function securityOf(permission: Permission): Record<string, string[]>[] {
  const row = permissions[permission];
  return [
    ...('scope' in row || 'keys' in row ? [{ posKey: [] }] : []),
    ...('roles' in row ? [{ staffToken: [] }] : []),
    ...('customers' in row || 'visitors' in row ? [{ customerToken: [] }] : []),
  ];
}

const commandHeaders = (route: Route) => [
  ...(route.needsRevision
    ? [
        {
          in: 'header' as const,
          name: 'If-Match',
          required: true,
          description: 'The ETag that you read: 428 without it, 412 when it is stale.',
          schema: { type: 'string' as const, examples: ['"3"'] },
        },
      ]
    : []),
  {
    in: 'header' as const,
    name: 'Idempotency-Key',
    required: !route.hasDefaultKey && !route.needsRevision,
    description: `Makes a repeated request count once.${keyMayBeLeftOut(route)}`,
    schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
  },
  {
    in: 'header' as const,
    name: 'Prefer',
    required: false,
    description: '`wait=N` (0 to 10 seconds): answer with the outcome if it comes in time.',
    schema: { type: 'string' as const, examples: ['wait=5'] },
  },
];

function problemList(): string {
  const codes = Object.keys(problemTable) as ProblemCode[];
  const rows = codes.map((code) => {
    const [status, title] = problemTable[code];
    return `| \`${code}\` | ${status} | ${title} |`;
  });
  return `| code (type is ${PROBLEM_BASE_URL}code) | status | title |\n|---|---|---|\n${rows.join('\n')}`;
}
