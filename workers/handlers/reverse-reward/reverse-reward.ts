import { heldFrom, restoreReward, whyNotReversible } from '../../../domain/rewards/restore.ts';
import { rewardIssued, rewardReversed } from '../reward-events.ts';
import {
  changeOf,
  createRewardHandler,
  explain,
  type RewardDependencies,
} from '../reward-visit.ts';

/**
 * Takes a redemption back: the customer gets a new reward with the same benefit. Outcomes:
 * `completed` with the new reward, or `declined` as `reward-revoked`, `reward-reversed`,
 * `reward-not-redeemed` or `card-closed`.
 */
export function createReverseRewardHandler(dependencies: RewardDependencies) {
  return createRewardHandler<'reverse-reward'>(dependencies, (visited, ids) => {
    const { reward, visit, card, program } = visited;
    const code = whyNotReversible(reward, card);
    if (code) return { kind: 'refused', code };
    const restored = restoreReward(reward, visit.at, program.zone, ids);
    const { transactionId } = visit;
    const at = (sequence: number) => ({ card, sequence, transactionId, ids });
    return {
      kind: 'changed',
      change: changeOf(
        visited,
        {
          postings: restored.postings,
          rewards: [restored.reward],
          rewardChanges: [restored.change],
        },
        2,
      ),
      reward: heldFrom(restored.reward),
      explanation: explain('reward-reversed', visited, 'given back: its redemption was taken back'),
      ...(reward.redemption && { originalId: reward.redemption.transactionId }),
      events: [
        rewardReversed(reward, restored.reward.id, at(card.sequence + 1)),
        rewardIssued(restored.reward, at(card.sequence + 2)),
      ],
    };
  });
}
