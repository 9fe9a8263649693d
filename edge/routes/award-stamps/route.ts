import { z } from 'zod';
import { awardStamps } from '../../../queues/commands/award-stamps.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { awardSchema } from '../../counter.ts';
import { refuseForeignStore } from '../../own-stores.ts';

/** `POST /v1/admin/counter/award`: stamps by hand, for a shop without a till. */
export function awardStampsRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, awardStamps, {
    method: 'post',
    path: '/v1/admin/counter/award',
    tag: 'Counter',
    summary: 'Stamp a card by hand',
    description: 'Counts like earned stamps and may complete the card. Never one’s own card.',
    scope: 'counter:write',
    body: awardStamps.body,
    done: { status: 201, description: 'Stamped.', schema: z.object({ award: awardSchema }) },
    payload({ body, principal }) {
      refuseForeignStore(body.storeId, principal.storeIds);
      return body;
    },
  });
}
