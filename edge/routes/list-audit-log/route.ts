import { z } from 'zod';
import { text } from '../../../queues/text.ts';
import {
  type AuditView,
  auditViewSchema,
  type HistoryReader,
  rangeFields,
  readRange,
} from '../../history.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/admin/audit`: who did what to whom, newest first. */
export function listAuditLogRoute(deps: { history: HistoryReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-audit-log',
    method: 'get',
    path: '/v1/admin/audit',
    tag: 'Admin',
    summary: 'Who did what to whom, newest first',
    description: 'What was declined is in it too.',
    scope: 'audit:read',
    query: z.strictObject({
      ...pageFields,
      ...rangeFields,
      subjectId: text({ max: 64 }).optional().meta({ description: 'The id it was done to.' }),
      action: text({ max: 64 })
        .optional()
        .meta({ examples: ['update-store'] }),
    }),
    responses: { 200: { description: 'One page.', schema: pageSchema(auditViewSchema) } },
    handle({ query, principal }) {
      const { subjectId, action } = query;
      const wish = { subjectId, action, ...readRange(query) };
      const positionOf = (item: AuditView) => [item.id];
      const list = { name: 'list-audit-log', principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.history.listAudit(principal.businessId, { ...wish, limit, after: after?.[0] }),
      );
    },
  });
}
