import { reserveReward } from '../../../queues/commands/reserve-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type FindOwnReward, myRewardRoute } from '../../my-reward-route.ts';

/** `POST /v1/customer/me/cards/{id}/rewards/{rewardId}/reserve` */
export function reserveMyRewardRoute(deps: { gate: CommandGate; findOwnReward: FindOwnReward }) {
  return myRewardRoute(reserveReward, deps, {
    name: 'reserve-my-reward',
    action: 'reserve',
    summary: 'Hold one of my rewards for ten minutes',
    description:
      'For whichever till the code is then shown to. It stays good while it is held, past its expiry ' +
      'too. Held again, the ten minutes begin anew.',
    done: 'Reserved.',
  });
}
