import { z } from 'zod';
import { awardStamps } from '../../../queues/commands/award-stamps.ts';
import type { CommandGate } from '../../command-gate.ts';
import { awardSchema, requireOwnStore } from '../../counter.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

/** `POST /v1/admin/counter/award`: stamps by hand, for a shop without a till. */
export function awardStampsRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: awardStamps.name,
    method: 'post',
    path: '/v1/admin/counter/award',
    tag: 'Counter',
    summary: 'Stamp a card by hand',
    description: 'Counts like earned stamps and may complete the card. Never one’s own card.',
    scope: 'counter:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: awardStamps.body,
    responses: {
      201: { description: 'Stamped.', schema: z.object({ award: awardSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      requireOwnStore(principal, body.storeId);
      return deps.gate.reply({ command: awardStamps, body, payload: body, principal, headers });
    },
  });
}
