import { changeRecord } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { type DefinitionDependencies, type DefinitionRepos, transition } from '../reward-terms.ts';

/** It can never be claimed again; what was claimed stays good. Outcomes: `completed`, `not-found`, `precondition-failed`, `wrong-state`. */
export function createEndRewardDefinitionHandler(dependencies: DefinitionDependencies) {
  return createCommandHandler<'end-reward-definition', DefinitionRepos>(
    dependencies,
    ({ setup }, message) =>
      changeRecord(setup.rewardDefinitions, message, (_, record) => transition(record, 'ended')),
  );
}
