import { reverseReward } from '../../../queues/commands/reverse-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { rewardCommandRoute } from '../../reward-command-route.ts';

/** `POST /v1/pos/rewards/{code}/reverse`. */
export function reverseRewardRoute(deps: { gate: CommandGate }) {
  return rewardCommandRoute(reverseReward, deps, {
    path: '/v1/pos/rewards/:code/reverse',
    summary: 'Take a redemption back',
    description:
      'The customer gets a new reward with the same benefit, good as long as the old one and at least seven days; the answer shows it.',
    done: 'Given back.',
  });
}
