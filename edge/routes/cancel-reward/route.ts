import { cancelReward } from '../../../queues/commands/cancel-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { rewardCommandRoute } from '../../reward-command-route.ts';

/** `POST /v1/pos/rewards/{code}/cancel`. */
export function cancelRewardRoute(deps: { gate: CommandGate }) {
  return rewardCommandRoute(cancelReward, deps, {
    path: '/v1/pos/rewards/:code/cancel',
    summary: 'Give up a reservation',
    description:
      'The reward can be used elsewhere at once. Without this it can be after ten minutes.',
    done: 'No longer reserved.',
  });
}
