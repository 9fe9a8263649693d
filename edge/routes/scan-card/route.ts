import { z } from 'zod';
import { text } from '../../../queues/text.ts';
import {
  byShortCode,
  type CardReader,
  cardViewSchema,
  presentCard,
  rewardViewSchema,
  shortCode,
} from '../../card-view.ts';
import type { Instant } from '../../../domain/values/time.ts';
import type { IsSamePerson } from '../../counter.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/admin/counter/scan`: who stands at the counter. A code in a path would be logged. */
export function scanCardRoute(deps: {
  books: Books;
  cards: CardReader;
  codes: RotatingCodes;
  isSamePerson: IsSamePerson;
  now: () => Instant;
}) {
  return defineRoute({
    name: 'scan-card',
    method: 'post',
    path: '/v1/admin/counter/scan',
    tag: 'Counter',
    summary: 'Scan a card',
    scope: 'counter:read',
    guard: { perMinute: 120, countsMisses: true },
    description:
      'By its code, by the rotating code that the phone shows, never one’s own, or by the short code ' +
      'that the customer reads out.',
    body: z
      .strictObject({
        cardCode: text({ min: 8, max: 64 }).optional(),
        shortCode: shortCode.optional(),
        qr: text({ min: 16, max: 128 }).optional(),
      })
      .refine((body) => Object.keys(body).length === 1, {
        error: 'must be exactly one of cardCode, shortCode, qr',
      }),
    exampleBody: { cardCode: 'Q7xW2mB9tR4kZs1vYc8nLe' },
    responses: {
      200: {
        description: 'The customer, their cards and what they can have.',
        schema: z.object({
          customer: z.object({
            id: z.string(),
            name: z.string().nullable(),
            lastVisitAt: z.iso.datetime().nullable(),
          }),
          cards: z.array(cardViewSchema),
          rewards: z.array(rewardViewSchema),
        }),
      },
    },
    async handle({ body, principal: { businessId, staffId } }) {
      const { cardCode: plain, shortCode: typed, qr } = body;
      const showing = { businessId, at: deps.now(), by: `staff:${staffId}` };
      const cardCode = qr === undefined ? (plain ?? '') : await deps.codes.use(qr, showing);
      const by = typed === undefined ? { cardCode } : byShortCode(typed);
      const found = await deps.books.findCustomer(businessId, by);
      if (!found) throw new Problem('not-found');
      const { id, name, cards, rewards } = found;
      if (qr !== undefined && (await deps.isSamePerson(businessId, staffId, id))) {
        throw new Problem('self-award');
      }
      const lastVisitAt = await deps.cards.findLastVisit(businessId, id);
      return {
        status: 200,
        body: { customer: { id, name, lastVisitAt }, cards: cards.map(presentCard), rewards },
      };
    },
  });
}
