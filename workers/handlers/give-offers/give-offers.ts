import type { IdSource } from '../../../domain/values/ids.ts';
import { createCommandHandler } from '../command.ts';
import { type GiveOfferDependencies, type GiveOfferRepos, giveToAll } from '../give-to-all.ts';

/**
 * Opens an offer for many customers at once. Completes with an entry per receiver, each the offer
 * opened or a refusal's code; declines as `unknown-offer`.
 */
export function createGiveOffersHandler(dependencies: GiveOfferDependencies & { ids: IdSource }) {
  return createCommandHandler<'give-offers', GiveOfferRepos>(
    dependencies,
    async (repos, message) => {
      const { offerId, receivers } = message.payload;
      const entries = await giveToAll(
        repos,
        { ...message, payload: { offerId, receivers } },
        dependencies.ids,
      );
      if (!entries) return { status: 'declined', code: 'unknown-offer', subjectId: offerId };
      const given = entries.filter((entry) => 'instance' in entry).length;
      return {
        status: 'completed',
        transactionId: null,
        result: { entries: entries.map((entry, index) => ({ index, ...entry })) },
        subjectId: offerId,
        auditDetail: { given, refused: entries.length - given },
      };
    },
  );
}
