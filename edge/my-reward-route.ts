import { z } from 'zod';
import type { BusinessId, CardId, CustomerId, RewardId } from '../domain/values/ids.ts';
import type { cancelReward } from '../queues/commands/cancel-reward.ts';
import type { reserveReward } from '../queues/commands/reserve-reward.ts';
import type { CommandGate } from './command-gate.ts';
import { Problem } from './problems.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from './route.ts';
import { acceptedSchema, explanationStep, idSchema, rewardSchema } from './schemas.ts';

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
  return defineRoute({
    name,
    method: 'post',
    path: `/v1/customer/me/cards/:id/rewards/:rewardId/${action}`,
    tag: 'Customer',
    summary,
    description,
    scope: 'self:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('crd'), rewardId: idSchema('rwd') }),
    responses: {
      200: {
        description: done,
        schema: z.object({ reward: rewardSchema, explanation: z.array(explanationStep) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const { businessId, customerId } = principal;
      const wanted = { customerId, cardId: params.id, id: params.rewardId };
      const code = await deps.findOwnReward(businessId, wanted);
      if (code === undefined) throw new Problem('not-found');
      const payload = { code };
      return deps.gate.reply({ command, body: payload, payload, principal, headers }, 200);
    },
  });
}
