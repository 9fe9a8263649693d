import { z } from 'zod';
import type { BusinessId, CardId, CustomerId, RewardId } from '../domain/values/ids.ts';
import type { cancelReward } from '../queues/commands/cancel-reward.ts';
import type { reserveReward } from '../queues/commands/reserve-reward.ts';
import type { CommandGate } from './command-gate.ts';
import { commandRoute } from './command-route.ts';
import { Problem } from './problems.ts';
import { explanationStep, idSchema, rewardSchema } from './schemas.ts';

/** The code of a customer's own reward; undefined for everybody else's. */
export type FindOwnReward = (
  businessId: BusinessId,
  reward: { customerId: CustomerId; cardId: CardId; id: RewardId },
) => Promise<string | undefined>;

/** A route of one thing that customers do with a reward of theirs. */
export function myRewardRoute(
  command: typeof reserveReward | typeof cancelReward,
  deps: { gate: CommandGate; findOwnReward: FindOwnReward },
  about: { name: string; action: string; summary: string; description: string; done: string },
) {
  const { name, action, summary, description, done } = about;
  return commandRoute(deps, command, {
    name,
    method: 'post',
    path: `/v1/customer/me/cards/:id/rewards/:rewardId/${action}`,
    tag: 'Customer',
    summary,
    description,
    scope: 'self:write',
    params: z.object({ id: idSchema('crd'), rewardId: idSchema('rwd') }),
    done: {
      status: 200,
      description: done,
      schema: z.object({ reward: rewardSchema, explanation: z.array(explanationStep) }),
    },
    async payload({ params, principal }) {
      const { businessId, customerId } = principal;
      const wanted = { customerId, cardId: params.id, id: params.rewardId };
      const code = await deps.findOwnReward(businessId, wanted);
      if (code === undefined) throw new Problem('not-found');
      return { code };
    },
  });
}
