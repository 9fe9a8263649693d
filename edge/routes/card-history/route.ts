import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CardReader, CursorSealer } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';
import { historyLineSchema, presentHistoryLine } from '../../views/card.ts';

/** `GET /v1/admin/cards/{id}/history`: everything that moved on a card, newest first. */
export function cardHistoryRoute(deps: { cardPages: CardReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'card-history',
    method: 'get',
    path: '/v1/admin/cards/:id/history',
    tag: 'Admin',
    summary: 'What moved on a card, and why',
    description: 'In the order of the books, newest first. The amounts sum to the balance.',
    scope: 'admin:read',
    params: z.object({ id: idSchema('crd') }),
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(historyLineSchema) } },
    async handle({ params, query, principal }) {
      const reply = await pageReply(
        deps.cursors,
        {
          name: `card-history/${params.id}`,
          principal,
          query,
          positionOf: ({ position }: Positioned) => [position],
        },
        async ({ limit, after }) => {
          const page = { after: after?.[0], limit };
          const found = await deps.cardPages.cardHistory(principal.businessId, params.id, page);
          if (!found) throw new Problem('not-found');
          return found.lines.map((line) => ({
            position: line.position,
            line: presentHistoryLine(line, found.program),
          }));
        },
      );
      const body = reply.body as { data: Positioned[] };
      return { ...reply, body: { ...body, data: body.data.map(({ line }) => line) } };
    },
  });
}

interface Positioned {
  position: string;
  line: z.output<typeof historyLineSchema>;
}
