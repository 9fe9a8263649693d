import { changeRecord } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { type DefinitionDependencies, type DefinitionRepos, transition } from '../reward-terms.ts';

/** It cannot be claimed until it is published again; what was claimed stays good. Outcomes: `completed`, `not-found`, `precondition-failed`, `wrong-state`. */
export function createPauseRewardDefinitionHandler(dependencies: DefinitionDependencies) {
  return createCommandHandler<'pause-reward-definition', DefinitionRepos>(
    dependencies,
    ({ setup }, message) =>
      changeRecord(setup.rewardDefinitions, message, (_, record) => transition(record, 'paused')),
  );
}
