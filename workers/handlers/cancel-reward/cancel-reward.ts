import { cancelReservation } from '../../../domain/rewards/life.ts';
import { rewardReleased } from '../reward-events.ts';
import {
  changeOf,
  createRewardHandler,
  explain,
  type RewardDependencies,
} from '../reward-visit.ts';

/**
 * Gives up a reservation, so that the reward can be used elsewhere at once. Outcomes: `completed`
 * with the reward, or `declined` (see domain/rewards/life.ts).
 */
export function createCancelRewardHandler(dependencies: RewardDependencies) {
  return createRewardHandler<'cancel-reward'>(dependencies, (visited, ids) => {
    const { reward, visit, card } = visited;
    const decision = cancelReservation(reward, visit);
    if (decision.kind === 'refused') return decision;
    const context = { card, sequence: card.sequence + 1, transactionId: visit.transactionId, ids };
    return {
      kind: 'changed',
      change: changeOf(visited, { rewardChanges: [decision.change] }, 1),
      reward: { ...reward, status: 'available', reservation: null },
      explanation: explain('reward-released', visited, 'no longer reserved'),
      events: [rewardReleased(reward, context)],
    };
  });
}
