import { z } from 'zod';
import { presentAmount } from '../../../domain/values/units.ts';
import { type CardMovement, type CardReader, movementSchema } from '../../card-view.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { Books, CursorSealer } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/customer/me/cards/{id}/history`: every movement of a card, and why. */
export function listMyHistoryRoute(deps: {
  books: Books;
  cards: CardReader;
  cursors: CursorSealer;
}) {
  const name = 'list-my-history';
  return defineRoute({
    name,
    method: 'get',
    path: '/v1/customer/me/cards/:id/history',
    tag: 'Customer',
    summary: 'What happened on one of my cards',
    description: 'The latest first. The changes sum to the balance.',
    scope: 'self:read',
    params: z.object({ id: idSchema('crd') }),
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(movementSchema) } },
    async handle({ params: { id }, query, principal }) {
      const { businessId, customerId } = principal;
      const found = await deps.books.findHoldings(businessId, customerId);
      const card = found.cards.find((c) => c.id === id);
      if (!card) throw new Problem('not-found');
      return pageReply(
        deps.cursors,
        {
          name: `${name}/${id}`,
          principal,
          query,
          positionOf: (item: Pick<CardMovement, 'occurredAt' | 'transactionId'>) => [
            item.occurredAt,
            item.transactionId,
          ],
        },
        async (page) => {
          const movements = await deps.cards.listMovements(businessId, id, page);
          return movements.map((m) => ({ ...m, change: presentAmount(m.change, card.unit) }));
        },
      );
    },
  });
}
