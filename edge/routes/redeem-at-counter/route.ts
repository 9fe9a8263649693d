import { z } from 'zod';
import { redeemReward } from '../../../queues/commands/redeem-reward.ts';
import { rewardCode } from '../../../queues/reward-visit.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type IsSamePerson, requireOwnStore } from '../../counter.ts';
import type { RewardOwners } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, explanationStep, idSchema, rewardSchema } from '../../schemas.ts';

/** `POST /v1/admin/counter/redeem`: a reward is used up at the counter. */
export function redeemAtCounterRoute(deps: {
  gate: CommandGate;
  rewardOwners: RewardOwners;
  isSamePerson: IsSamePerson;
}) {
  return defineRoute({
    name: 'redeem-at-counter',
    method: 'post',
    path: '/v1/admin/counter/redeem',
    tag: 'Counter',
    summary: 'Redeem a reward',
    description: 'Of any number of tries one wins. Never one’s own reward.',
    scope: 'counter:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: z.strictObject({ code: rewardCode, storeId: idSchema('sto') }),
    exampleBody: { code: 'Q7xW2mB9tR4kZs1vYc8nLe', storeId: 'sto_01jd7x0mh8e2rta5p3v0c2k9qz' },
    responses: {
      200: {
        description: 'Used up.',
        schema: z.object({ reward: rewardSchema, explanation: z.array(explanationStep) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      const { businessId, staffId } = principal;
      requireOwnStore(principal, body.storeId);
      const owner = await deps.rewardOwners(businessId, body.code);
      if (owner && (await deps.isSamePerson(businessId, staffId, owner))) {
        throw new Problem('self-award');
      }
      const payload = { code: body.code, storeId: body.storeId };
      const request = { command: redeemReward, body: payload, payload, principal, headers };
      return deps.gate.reply(request, 200);
    },
  });
}
