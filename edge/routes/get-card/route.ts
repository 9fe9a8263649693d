import { z } from 'zod';
import type { AsOfBy } from '../../../domain/ledger/as-of.ts';
import { type Instant, parseInstant } from '../../../domain/values/time.ts';
import type { CardReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';
import { cardSchema, presentCard } from '../../views/card.ts';

const instant = z
  .string()
  .max(40)
  // A plus that was not percent-encoded arrives as a space.
  .transform((text) => parseInstant(text.replace(' ', '+')))
  .refine((at) => !Number.isNaN(at), { error: 'must be RFC 3339 with an offset' })
  .meta({ examples: ['2026-11-22T09:00:00Z'] });

/** `GET /v1/admin/cards/{id}`: a card now, or its balance at any moment of the past. */
export function getCardRoute(deps: { cardPages: CardReader; now: () => Instant }) {
  return defineRoute({
    name: 'get-card',
    method: 'get',
    path: '/v1/admin/cards/:id',
    tag: 'Admin',
    summary: 'A card',
    description:
      'With `asOf` the balance is that of a past instant: by what had happened until then ' +
      '(`by=event`), or by what the books knew then (`by=recorded`).',
    scope: 'admin:read',
    params: z.object({ id: idSchema('crd') }),
    query: z
      .strictObject({ asOf: instant.optional(), by: z.enum(['event', 'recorded']).optional() })
      .refine(({ asOf, by }) => by === undefined || asOf !== undefined, {
        path: ['by'],
        error: 'needs asOf',
      }),
    responses: { 200: { description: 'The card.', schema: z.object({ card: cardSchema }) } },
    async handle({ params, query, principal }) {
      const asOf = readAsOf(query, deps.now());
      const page = await deps.cardPages.findCard(principal.businessId, params.id, asOf);
      if (!page) throw new Problem('not-found');
      return { status: 200, body: { card: presentCard(page, asOf) } };
    },
  });
}

function readAsOf(
  query: { asOf?: Instant | undefined; by?: AsOfBy | undefined },
  now: Instant,
): { at: Instant; by: AsOfBy } | undefined {
  const { asOf: at, by = 'event' } = query;
  if (at === undefined) return undefined;
  if (at <= now) return { at, by };
  const detail = 'asOf must not lie in the future.';
  throw new Problem('malformed-query', {
    detail,
    errors: [{ pointer: '/asOf', code: 'in-future', detail }],
  });
}
