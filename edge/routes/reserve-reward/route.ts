import { reserveReward } from '../../../queues/commands/reserve-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { rewardCommandRoute } from '../../reward-command-route.ts';

/** `POST /v1/pos/rewards/{code}/reserve`. */
export function reserveRewardRoute(deps: { gate: CommandGate }) {
  return rewardCommandRoute(reserveReward, deps, {
    path: '/v1/pos/rewards/:code/reserve',
    summary: 'Hold a reward for ten minutes',
    description:
      'While it is held nobody else can redeem it. Whoever holds it may hold it anew, redeem or cancel.',
    done: 'Reserved.',
  });
}
