import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { ApprovalReader, CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';
import { approvalSchema, type ApprovalView } from '../../views/approval.ts';

/** `GET /v1/admin/approvals`: what waits for a second person. */
export function listApprovalsRoute(deps: { approvals: ApprovalReader; cursors: CursorSealer }) {
  const name = 'list-approvals';
  return defineRoute({
    name,
    method: 'get',
    path: '/v1/admin/approvals',
    tag: 'Admin',
    summary: 'What waits for a second person',
    description: 'Oldest first. What was decided stays listed.',
    scope: 'admin:read',
    query: z.strictObject({
      ...pageFields,
      status: z.enum(['pending', 'approved', 'rejected']).optional(),
    }),
    responses: { 200: { description: 'One page.', schema: pageSchema(approvalSchema) } },
    handle: ({ query, principal }) =>
      pageReply(
        deps.cursors,
        {
          name: `${name}/${query.status ?? ''}`,
          principal,
          query,
          positionOf: ({ id }: ApprovalView) => [id],
        },
        ({ limit, after }) =>
          deps.approvals.list(principal.businessId, {
            limit,
            after: after?.[0],
            status: query.status,
          }),
      ),
  });
}
