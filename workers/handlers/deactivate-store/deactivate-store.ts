import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Closes a store: sales from now on are refused, earlier ones may still come late. Outcomes:
 * `completed`, `not-found`, `precondition-failed`, `wrong-state` when it is closed already.
 */
export function createDeactivateStoreHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'deactivate-store', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.stores, message, (_, store) =>
      store.deactivatedAt === null
        ? { deactivatedAt: Date.parse(message.receivedAt) }
        : refuse('wrong-state', 'The store is closed already.'),
    ),
  );
}
