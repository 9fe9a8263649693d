import { z } from 'zod';
import { presentAmount } from '../../../domain/values/units.ts';
import type { CustomerDirectory } from '../../customer-directory.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema, presentedAmount } from '../../schemas.ts';

/** `GET /v1/admin/customers/{id}/cards`: what somebody holds. One card a program: no pages. */
export function listCustomerCardsRoute(deps: { customers: CustomerDirectory }) {
  return defineRoute({
    name: 'list-customer-cards',
    method: 'get',
    path: '/v1/admin/customers/:id/cards',
    tag: 'Admin',
    summary: 'A customer’s cards',
    scope: 'admin:read',
    params: z.object({ id: idSchema('cus') }),
    responses: {
      200: {
        description: 'One card per program.',
        schema: z.object({
          data: z.array(
            z.object({
              id: z.string(),
              code: z.string(),
              aliases: z.array(z.string()).meta({
                description: 'Codes of cards that were merged into it; they go on working.',
              }),
              programId: z.string(),
              programName: z.string(),
              unit: z.enum(['stamp', 'point']),
              status: z.string(),
              balance: presentedAmount,
              debt: presentedAmount,
              openedAt: z.iso.datetime(),
            }),
          ),
          nextCursor: z.null(),
        }),
      },
    },
    async handle({ params, principal }) {
      const { businessId } = principal;
      const customer = await deps.customers.find(businessId, params.id);
      if (!customer) throw new Problem('not-found');
      const cards = await deps.customers.findCards(businessId, params.id);
      const data = cards.map((card) => ({
        ...card,
        balance: presentAmount(card.balance, card.unit),
        debt: presentAmount(card.debt, card.unit),
      }));
      return { status: 200, body: { data, nextCursor: null } };
    },
  });
}
