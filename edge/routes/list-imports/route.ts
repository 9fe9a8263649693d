import { z } from 'zod';
import { type ImportReader, importSchema, type ImportView } from '../../imports.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/admin/imports`: files that were brought in, newest first. */
export function listImportsRoute(deps: { imports: ImportReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-imports',
    method: 'get',
    path: '/v1/admin/imports',
    tag: 'Admin',
    summary: 'Imports, newest first',
    scope: 'admin:read',
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(importSchema) } },
    handle({ query, principal }) {
      const positionOf = (item: ImportView) => [`${item.startedAt} ${item.id}`];
      const list = { name: 'list-imports', principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.imports.list(principal.businessId, { limit, after: after?.[0] }),
      );
    },
  });
}
