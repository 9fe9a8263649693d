import { z } from 'zod';
import type { RewardView } from '../../../domain/rewards/present.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer, RewardReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema, rewardSchema } from '../../schemas.ts';

/** `GET /v1/admin/cards/{id}/rewards`: all rewards a card was ever issued. */
export function listCardRewardsRoute(deps: {
  rewards: RewardReader;
  cursors: CursorSealer;
  now: () => Instant;
}) {
  return defineRoute({
    name: 'list-card-rewards',
    method: 'get',
    path: '/v1/admin/cards/:id/rewards',
    tag: 'Admin',
    summary: 'Rewards of a card',
    description: 'Oldest first. `status` is as of now, whatever a sweep has done.',
    scope: 'admin:read',
    params: z.object({ id: idSchema('crd') }),
    query: z.strictObject({ ...pageFields, status: rewardSchema.shape.status.optional() }),
    responses: { 200: { description: 'One page.', schema: pageSchema(rewardSchema) } },
    handle: ({ params, query, principal }) => {
      const { status } = query;
      // A cursor belongs to one card and one filter.
      const name = `list-card-rewards/${params.id}/${status ?? ''}`;
      const at = deps.now();
      return pageReply(
        deps.cursors,
        { name, principal, query, positionOf: (reward: RewardView) => [reward.id] },
        async ({ limit, after }) => {
          const page = { limit, after: after?.[0], status, at };
          const found = await deps.rewards.list(principal.businessId, params.id, page);
          if (!found) throw new Problem('not-found');
          return found;
        },
      );
    },
  });
}
