import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * From now on a program gives nothing; what cards hold stays. Outcomes: `completed`, `not-found`,
 * `precondition-failed`, `wrong-state` when it is paused or archived.
 */
export function createPauseProgramHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'pause-program', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.programs, message, (_, { pauses }) =>
      pauses.some(({ to }) => to === null)
        ? refuse('wrong-state', 'The program is paused or archived already.')
        : { pauses: [...pauses, { from: Date.parse(message.receivedAt), to: null }] },
    ),
  );
}
