import { reserveReward } from '../../../domain/rewards/life.ts';
import { rewardReserved } from '../reward-events.ts';
import {
  changeOf,
  createRewardHandler,
  explain,
  type RewardDependencies,
} from '../reward-visit.ts';

/**
 * Holds a reward for ten minutes. Outcomes: `completed` with the reward, or `declined` (see
 * domain/rewards/life.ts for the codes in their order).
 */
export function createReserveRewardHandler(dependencies: RewardDependencies) {
  return createRewardHandler<'reserve-reward'>(dependencies, (visited, ids) => {
    const { reward, visit, card } = visited;
    const decision = reserveReward(visited, visit);
    if (decision.kind === 'refused') return decision;
    const { reservation } = decision.change;
    if (!reservation) throw new Error('a reservation without a reservation');
    const context = { card, sequence: card.sequence + 1, transactionId: visit.transactionId, ids };
    return {
      kind: 'changed',
      change: changeOf(visited, { rewardChanges: [decision.change] }, 1),
      reward: { ...reward, status: 'reserved', reservation },
      explanation: explain('reward-reserved', visited, 'reserved for ten minutes'),
      events: [rewardReserved(reward, reservation, context)],
    };
  });
}
