import { redeemReward } from '../../../queues/commands/redeem-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { rewardCommandRoute } from '../../reward-command-route.ts';

/** `POST /v1/pos/rewards/{code}/redeem`. */
export function redeemRewardRoute(deps: { gate: CommandGate }) {
  return rewardCommandRoute(redeemReward, deps, {
    path: '/v1/pos/rewards/:code/redeem',
    summary: 'Use a reward',
    description:
      'Of any number of tries one wins; the others get `reward-already-redeemed`, which says who and where.',
    done: 'Redeemed.',
  });
}
