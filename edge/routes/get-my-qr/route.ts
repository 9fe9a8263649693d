import { z } from 'zod';
import type { Instant } from '../../../domain/values/time.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/customer/me/cards/{id}/qr`: what a phone needs to show a code that nobody can photograph. */
export function getMyQrRoute(deps: { books: Books; codes: RotatingCodes; now: () => Instant }) {
  return defineRoute({
    name: 'get-my-qr',
    method: 'get',
    path: '/v1/customer/me/cards/:id/qr',
    tag: 'Customer',
    summary: 'The rotating code of one of my cards',
    description:
      'Ask once and keep the key: the phone then makes codes without a network. A code is ' +
      '`<cardCode>.<step>.<mac>`: `step` is the Unix time divided by `periodSeconds`, rounded down, in ' +
      'base 36; `mac` is HMAC-SHA-256 over `<cardCode>.<step>` under the key, its first 12 bytes as ' +
      'base64url. A code holds in its period and the ones before and after, for one sale.',
    scope: 'self:read',
    params: z.object({ id: idSchema('crd') }),
    responses: {
      200: {
        description: 'The key, and the code of this moment.',
        schema: z.object({
          qr: z.object({
            key: z.string().meta({ description: '32 bytes as base64url.' }),
            cardCode: z.string(),
            periodSeconds: z.int(),
            code: z.string(),
            until: z.iso.datetime(),
          }),
        }),
      },
    },
    async handle({ params: { id }, principal: { businessId, customerId } }) {
      const { cards } = await deps.books.findHoldings(businessId, customerId);
      const card = cards.find((c) => c.id === id);
      if (!card) throw new Problem('not-found');
      const qr = deps.codes.give(card, deps.now());
      return { status: 200, body: { qr }, headers: { 'Cache-Control': 'no-store' } };
    },
  });
}
