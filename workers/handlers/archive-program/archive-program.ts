import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Ends a program for good: it gives nothing from now on, and its cards stay as they are. Outcomes:
 * `completed`, `not-found`, `precondition-failed`, `wrong-state` when it is archived already.
 */
export function createArchiveProgramHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'archive-program', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.programs, message, (_, { pauses, archivedAt }) => {
      if (archivedAt !== null) return refuse('wrong-state', 'The program is archived already.');
      const now = Date.parse(message.receivedAt);
      const isPaused = pauses.some(({ to }) => to === null);
      return {
        archivedAt: now,
        pauses: isPaused ? pauses : [...pauses, { from: now, to: null }],
      };
    }),
  );
}
