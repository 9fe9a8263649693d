import { redeemReward } from '../../../domain/rewards/life.ts';
import { rewardRedeemed } from '../reward-events.ts';
import {
  changeOf,
  createRewardHandler,
  explain,
  type RewardDependencies,
} from '../reward-visit.ts';

/**
 * Uses a reward up: one of any number of tries wins, and the others are told who. Outcomes:
 * `completed` with the reward, or `declined` (see domain/rewards/life.ts).
 */
export function createRedeemRewardHandler(dependencies: RewardDependencies) {
  return createRewardHandler<'redeem-reward'>(dependencies, (visited, ids) => {
    const { reward, visit, card } = visited;
    const decision = redeemReward(visited, visit);
    if (decision.kind === 'refused') return decision;
    const { redemption } = decision.change;
    if (!redemption) throw new Error('a redemption without a redemption');
    const context = { card, sequence: card.sequence + 1, transactionId: visit.transactionId, ids };
    return {
      kind: 'changed',
      change: changeOf(visited, { rewardChanges: [decision.change] }, 1),
      reward: { ...reward, status: 'redeemed', reservation: null, redemption },
      explanation: explain('reward-redeemed', visited, 'redeemed'),
      events: [rewardRedeemed(reward, redemption, context)],
    };
  });
}
