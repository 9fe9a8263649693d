import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { addRecord, refuse, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { isWhole, withDefinition } from '../offer-benefit.ts';

type Repos = SetupRepos & { books: LedgerBooks };

/** Adds an offer to a program. Outcomes: `completed`, `unknown-program`, `fraction-of-a-stamp`. */
export function createCreateOfferHandler(dependencies: {
  store: CommandStore<Repos>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'create-offer', Repos>(
    dependencies,
    async ({ setup, books }, message) => {
      const { benefit, ...fields } = message.payload;
      const config = await books.loadConfig(message.businessId);
      const program = config?.programs.find(({ id }) => id === fields.programId);
      if (!program) return { ...refuse('unknown-program'), subjectId: fields.programId };
      if (!isWhole(benefit, program.unit)) return refuse('fraction-of-a-stamp');
      const offer = { ...fields, benefit: withDefinition(benefit, null, ids) };
      return addRecord(setup.offers, message, { id: ids.id('ofr'), fields: offer });
    },
  );
}
