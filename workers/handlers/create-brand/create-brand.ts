import { addRecord, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Adds a brand. Always completes. */
export function createCreateBrandHandler({ store, ids }: SetupDependencies) {
  return createCommandHandler<'create-brand', SetupRepos>({ store, ids }, ({ setup }, message) =>
    addRecord(setup.brands, message, { id: ids.id('brd'), fields: message.payload }),
  );
}
