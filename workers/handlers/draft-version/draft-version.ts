import { draftDefinitionSchema } from '../../../queues/version-definition.ts';
import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Keeps what the next version is to be; nobody is judged by it. Outcomes: `completed`, `not-found`,
 * `precondition-failed`, `wrong-state` for an archived program.
 */
export function createDraftVersionHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'draft-version', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.programs, message, ({ definition }, { archivedAt }) =>
      archivedAt === null
        ? { draft: draftDefinitionSchema.parse(definition) }
        : refuse('wrong-state', 'The program is archived.'),
    ),
  );
}
