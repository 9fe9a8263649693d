import { z } from 'zod';
import type { Instant } from '../../../domain/values/time.ts';
import { rewardCode } from '../../../queues/reward-visit.ts';
import type { RewardReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { rewardSchema } from '../../schemas.ts';

/** `GET /v1/pos/rewards/{code}`: what a scanned reward is good for, and whether it still is. */
export function getRewardRoute(deps: { rewards: RewardReader; now: () => Instant }) {
  return defineRoute({
    name: 'get-reward',
    method: 'get',
    path: '/v1/pos/rewards/:code',
    tag: 'POS',
    summary: 'A reward by its code',
    description:
      'As of now: a reservation that timed out is `available`, whatever a sweep has done.',
    scope: 'customers:read',
    guard: { perMinute: 600, countsMisses: true },
    params: z.object({ code: rewardCode }),
    responses: {
      200: { description: 'The reward.', schema: z.object({ reward: rewardSchema }) },
    },
    async handle({ params, principal }) {
      const reward = await deps.rewards.find(principal.businessId, params.code, deps.now());
      if (!reward) throw new Problem('reward-not-found');
      return { status: 200, body: { reward } };
    },
  });
}
