import { changeRecord } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { type DefinitionDependencies, type DefinitionRepos, transition } from '../reward-terms.ts';

/** From now on customers can claim it, in its season. Outcomes: `completed`, `not-found`, `precondition-failed`, `wrong-state`. */
export function createPublishRewardDefinitionHandler(dependencies: DefinitionDependencies) {
  return createCommandHandler<'publish-reward-definition', DefinitionRepos>(
    dependencies,
    ({ setup }, message) =>
      changeRecord(setup.rewardDefinitions, message, (_, record) => transition(record, 'live')),
  );
}
