import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { changeRecord, refuse, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { isWhole, withDefinition } from '../offer-benefit.ts';

type Repos = SetupRepos & { books: LedgerBooks };

/**
 * Changes an offer, or makes a draft live. Outcomes: `completed`, `not-found`, `precondition-failed`,
 * `offer-ended`, `fraction-of-a-stamp`.
 */
export function createUpdateOfferHandler(dependencies: {
  store: CommandStore<Repos>;
  ids: IdSource;
}) {
  return createCommandHandler<'update-offer', Repos>(dependencies, ({ setup, books }, message) =>
    changeRecord(setup.offers, message, async ({ benefit, ...changes }, offer) => {
      if (offer.status === 'ended') return refuse('offer-ended');
      if (!benefit) return changes;
      const config = await books.loadConfig(message.businessId);
      const unit = config?.programs.find(({ id }) => id === offer.programId)?.unit ?? 'stamp';
      if (!isWhole(benefit, unit)) return refuse('fraction-of-a-stamp');
      return { ...changes, benefit: withDefinition(benefit, offer.benefit, dependencies.ids) };
    }),
  );
}
