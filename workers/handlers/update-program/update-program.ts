import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Changes a program's name, stores or enrolment; what it promises is in its versions. Outcomes:
 * `completed`, `not-found`, `precondition-failed`, `unknown-store`.
 */
export function createUpdateProgramHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'update-program', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.programs, message, async (changes) => {
      const unknown = await setup.unknownStores(message.businessId, changes.storeIds ?? []);
      if (unknown.length === 0) return changes;
      return refuse('unknown-store', `There is no store ${unknown[0]}.`);
    }),
  );
}
