import { changeRecord, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Renames or describes a brand. Outcomes: `completed`, `not-found`, `precondition-failed`. */
export function createUpdateBrandHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'update-brand', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.brands, message, (changes) => changes),
  );
}
