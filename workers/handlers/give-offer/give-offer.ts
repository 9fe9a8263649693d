import { createCommandHandler } from '../command.ts';
import { type GiveOfferDependencies, type GiveOfferRepos, giveToAll } from '../give-to-all.ts';

/**
 * Opens an offer for a customer, with the purchases that fell into its window already. Outcomes:
 * `completed` with what was opened, or `declined` as `unknown-offer`, `unknown-card`,
 * `unknown-customer`, `external-id-reused`, or a refusal of domain/offers/give-offer.ts.
 */
export function createGiveOfferHandler(dependencies: GiveOfferDependencies) {
  return createCommandHandler<'give-offer', GiveOfferRepos>(
    dependencies,
    async (repos, message) => {
      const { offerId, ...receiver } = message.payload;
      const payload = { offerId, receivers: [receiver] };
      const entries = await giveToAll(repos, { ...message, payload }, dependencies.ids);
      const subjectId = offerId;
      const [entry] = entries ?? [];
      if (!entry) return { status: 'declined', code: 'unknown-offer', subjectId };
      if ('refused' in entry) return { status: 'declined', code: entry.refused, subjectId };
      const { instance } = entry;
      const auditDetail = { instanceId: instance.id };
      return {
        status: 'completed',
        transactionId: null,
        result: { instance },
        subjectId,
        auditDetail,
      };
    },
  );
}
