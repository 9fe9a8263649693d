import { createRewardSweep, type SweepDependencies } from '../reward-sweep.ts';

/** Rewards whose reservation timed out say that they are available. Outcome: always `completed`. */
export function createReleaseReservationsHandler(deps: SweepDependencies) {
  return createRewardSweep(deps, 'release-reservations');
}
