import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Opens a closed store again. Outcomes: `completed`, `not-found`, `precondition-failed`,
 * `wrong-state` when it is open.
 */
export function createReactivateStoreHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'reactivate-store', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.stores, message, (_, store) =>
      store.deactivatedAt === null
        ? refuse('wrong-state', 'The store is open.')
        : { deactivatedAt: null },
    ),
  );
}
