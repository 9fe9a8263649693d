import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { Books, CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';
import { type ExceptionView, exceptionSchema } from '../../views/exception.ts';

/** `GET /v1/admin/exceptions`: what waits for somebody to look at it. */
export function listExceptionsRoute(deps: { books: Books; cursors: CursorSealer }) {
  const name = 'list-exceptions';
  return defineRoute({
    name,
    method: 'get',
    path: '/v1/admin/exceptions',
    tag: 'Admin',
    summary: 'What somebody has to look at',
    description:
      'The newest first. `refund-without-sale`: a refund whose sale did not come within the days ' +
      'that the business waits for it (7 unless set otherwise). `suspicion`: a sale, stamps or a ' +
      'redemption that a program’s fraud rules flagged; it counts, and `detail.reasons` says why. ' +
      'What the rules hold waits among the approvals.',
    scope: 'admin:read',
    query: z.strictObject({
      ...pageFields,
      status: z.enum(['open', 'settled', 'all']).default('open'),
      kind: z.enum(['refund-without-sale', 'suspicion']).optional(),
    }),
    responses: { 200: { description: 'One page.', schema: pageSchema(exceptionSchema) } },
    handle: ({ query, principal }) =>
      pageReply(
        deps.cursors,
        {
          name: `${name}/${query.status}/${query.kind ?? ''}`,
          principal,
          query,
          positionOf: (item: ExceptionView) => [item.id],
        },
        ({ limit, after }) =>
          deps.books.listExceptions(principal.businessId, {
            status: query.status,
            kind: query.kind,
            limit,
            before: after?.[0],
          }),
      ),
  });
}
