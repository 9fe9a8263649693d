import { z } from 'zod';
import { claimReward } from '../../../queues/commands/claim-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { refuseForeignStore } from '../../reward-command-route.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import {
  acceptedSchema,
  explanationStep,
  idSchema,
  presentedAmount,
  rewardSchema,
} from '../../schemas.ts';

/** `POST /v1/admin/cards/{id}/rewards`: a customer takes a reward and pays for it with points. */
export function claimRewardRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: claimReward.name,
    method: 'post',
    path: '/v1/admin/cards/:id/rewards',
    tag: 'Admin',
    summary: 'Claim a reward for a card',
    description:
      'Spends what the reward costs, from the points that expire first, and issues it. Declined, in ' +
      'this order, as `unknown-card`, `card-closed`, `card-blocked`, `unknown-store`, ' +
      '`occurred-in-future`, `occurred-too-long-ago`, `unknown-reward-definition`, ' +
      '`reward-not-live`, `out-of-season`, `unknown-coupon`, `not-in-audience`, `wrong-store`, ' +
      '`reward-limit-reached`, `out-of-stock` or `insufficient-balance`.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('crd') }),
    body: claimReward.body,
    responses: {
      201: {
        description: 'Claimed.',
        schema: z.object({
          reward: rewardSchema,
          balance: presentedAmount,
          explanation: z.array(explanationStep),
        }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      if (body.storeId) refuseForeignStore(body.storeId, principal.storeIds);
      const payload = { cardId: params.id, ...body };
      return deps.gate.reply({ command: claimReward, body: payload, payload, principal, headers });
    },
  });
}
