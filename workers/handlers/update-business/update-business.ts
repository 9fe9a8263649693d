import { changeRecord, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Changes a business's own settings. Outcomes: `completed`, `precondition-failed`. */
export function createUpdateBusinessHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'update-business', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.businesses, message, (changes) => changes),
  );
}
