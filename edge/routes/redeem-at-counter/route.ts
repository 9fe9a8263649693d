import { z } from 'zod';
import { redeemReward } from '../../../queues/commands/redeem-reward.ts';
import { rewardCode } from '../../../queues/reward-visit.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import type { IsSamePerson } from '../../counter.ts';
import { refuseForeignStore } from '../../own-stores.ts';
import type { RewardOwners } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { explanationStep, idSchema, rewardSchema } from '../../schemas.ts';

/** `POST /v1/admin/counter/redeem`: a reward is used up at the counter. */
export function redeemAtCounterRoute(deps: {
  gate: CommandGate;
  rewardOwners: RewardOwners;
  isSamePerson: IsSamePerson;
}) {
  return commandRoute(deps, redeemReward, {
    name: 'redeem-at-counter',
    method: 'post',
    path: '/v1/admin/counter/redeem',
    tag: 'Counter',
    summary: 'Redeem a reward',
    description: 'Of any number of tries one wins. Never one’s own reward.',
    scope: 'counter:write',
    body: z.strictObject({ code: rewardCode, storeId: idSchema('sto') }),
    exampleBody: { code: 'Q7xW2mB9tR4kZs1vYc8nLe', storeId: 'sto_01jd7x0mh8e2rta5p3v0c2k9qz' },
    done: {
      status: 200,
      description: 'Used up.',
      schema: z.object({ reward: rewardSchema, explanation: z.array(explanationStep) }),
    },
    async payload({ body, principal }) {
      const { businessId, staffId } = principal;
      refuseForeignStore(body.storeId, principal.storeIds);
      const owner = await deps.rewardOwners(businessId, body.code);
      if (owner && (await deps.isSamePerson(businessId, staffId, owner))) {
        throw new Problem('self-award');
      }
      return { code: body.code, storeId: body.storeId };
    },
  });
}
