import { z } from 'zod';
import { type ExportReader, exportSchema, type ExportView } from '../../exports.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/admin/exports`: what was taken along, newest first. */
export function listExportsRoute(deps: { exports: ExportReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-exports',
    method: 'get',
    path: '/v1/admin/exports',
    tag: 'Admin',
    summary: 'Exports, newest first',
    scope: 'exports:read',
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(exportSchema) } },
    handle({ query, principal }) {
      const positionOf = (item: ExportView) => [`${item.finishedAt} ${item.id}`];
      const list = { name: 'list-exports', principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.exports.list(principal.businessId, { limit, after: after?.[0] }),
      );
    },
  });
}
