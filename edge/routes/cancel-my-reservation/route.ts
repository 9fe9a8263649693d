import { cancelReward } from '../../../queues/commands/cancel-reward.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type FindOwnReward, myRewardRoute } from '../../my-reward-route.ts';

/** `POST /v1/customer/me/cards/{id}/rewards/{rewardId}/cancel` */
export function cancelMyReservationRoute(deps: {
  gate: CommandGate;
  findOwnReward: FindOwnReward;
}) {
  return myRewardRoute(cancelReward, deps, {
    name: 'cancel-my-reservation',
    action: 'cancel',
    summary: 'Give up a reservation of mine',
    description: 'One that a till made is the till’s to give up.',
    done: 'No longer reserved.',
  });
}
