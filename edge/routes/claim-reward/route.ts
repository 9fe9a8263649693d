import { z } from 'zod';
import { claimReward } from '../../../queues/commands/claim-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { refuseForeignStore } from '../../own-stores.ts';
import { explanationStep, idSchema, presentedAmount, rewardSchema } from '../../schemas.ts';

/** `POST /v1/admin/cards/{id}/rewards`: a customer takes a reward and pays for it with points. */
export function claimRewardRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, claimReward, {
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
    params: z.object({ id: idSchema('crd') }),
    body: claimReward.body,
    done: {
      status: 201,
      description: 'Claimed.',
      schema: z.object({
        reward: rewardSchema,
        balance: presentedAmount,
        explanation: z.array(explanationStep),
      }),
    },
    payload({ params, body, principal }) {
      if (body.storeId) refuseForeignStore(body.storeId, principal.storeIds);
      return { cardId: params.id, ...body };
    },
  });
}
