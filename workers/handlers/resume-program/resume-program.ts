import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Ends a pause. Outcomes: `completed`, `not-found`, `precondition-failed`, `wrong-state` when it is
 * not paused, or archived.
 */
export function createResumeProgramHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'resume-program', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.programs, message, (_, { pauses, archivedAt }) => {
      if (archivedAt !== null) return refuse('wrong-state', 'The program is archived.');
      if (pauses.every(({ to }) => to !== null)) {
        return refuse('wrong-state', 'The program is not paused.');
      }
      const to = Date.parse(message.receivedAt);
      return { pauses: pauses.map((pause) => (pause.to === null ? { ...pause, to } : pause)) };
    }),
  );
}
