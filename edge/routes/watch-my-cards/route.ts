import type { LiveScreens } from '../../live-screens.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/customer/events`: what happens to my cards, as it happens. */
export function watchMyCardsRoute(deps: { screens: LiveScreens }) {
  return defineRoute({
    name: 'watch-my-cards',
    method: 'get',
    path: '/v1/customer/events',
    tag: 'Customer',
    summary: 'Watch my cards',
    description:
      'Server-sent events. First `card.state` for each card (`{ card, rewards }`, as `/me/cards/{id}` ' +
      'shows them), then every event of a card as it happens, as `{ id, type, data }`. Events may come ' +
      'twice or in another order: `sequence` tells. A client that comes back with `Last-Event-ID` is ' +
      'shown the state of those cards that have changed meanwhile. A comment comes every 20 seconds; ' +
      'the stream ends when the token does. Five may be open at once; the oldest makes room. Browsers’ ' +
      'EventSource sends no Authorization header: read the stream with fetch.',
    scope: 'self:read',
    responses: { 200: { description: 'The stream.', contentType: 'text/event-stream' } },
    async handle({ principal: { businessId, customerId }, headers, stillHolds }) {
      const request = { businessId, customerId, lastEventId: headers.lastEventId, stillHolds };
      return {
        status: 200,
        headers: {
          'Content-Type': 'text/event-stream; charset=utf-8',
          // No proxy may gather or compress what is for now.
          'Cache-Control': 'no-store, no-transform',
          'X-Accel-Buffering': 'no',
        },
        live: deps.screens.show(request),
      };
    },
  });
}
