import { createRewardSweep, type SweepDependencies } from '../reward-sweep.ts';

/** Rewards that nobody used in time say so. Outcome: always `completed`. */
export function createExpireRewardsHandler(deps: SweepDependencies) {
  return createRewardSweep(deps, 'expire-rewards');
}
