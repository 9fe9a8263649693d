import { awardStamps } from '../../../domain/counter/award-stamps.ts';
import { step } from '../../../domain/earning/explanation.ts';
import type { StaffId } from '../../../domain/values/ids.ts';
import { describeAmount } from '../../../domain/values/units.ts';
import { createCommandHandler } from '../command.ts';
import { type CounterDependencies, counterEntry, type CounterRepos } from '../counter-work.ts';

/**
 * Stamps a card by hand. Outcomes: `completed` with the award, or `declined` as `unknown-card`,
 * `unknown-store`, or as domain/counter/award-stamps.ts refuses.
 */
export function createAwardStampsHandler(dependencies: CounterDependencies) {
  const { ids } = dependencies;
  return createCommandHandler<'award-stamps', CounterRepos>(
    dependencies,
    async ({ books, counter }, message) => {
      const { businessId, payload, principal } = message;
      const { stamps, storeId } = payload;
      const cardId = await counter.findCardByCode(businessId, payload.cardCode);
      const card = cardId && (await books.lockCard(businessId, cardId));
      const config = await books.loadConfig(businessId);
      const program = config?.programs.find((p) => p.id === card?.programId);
      if (!card || !program) return { status: 'declined', code: 'unknown-card' };
      const subjectId = card.id;
      if (!config?.stores.some((store) => store.id === storeId)) {
        return { status: 'declined', code: 'unknown-store', subjectId };
      }
      const isOwnCard =
        principal.kind === 'staff' &&
        (await counter.isSamePerson(businessId, principal.id as StaffId, card.customerId));
      const at = Date.parse(message.receivedAt);
      const decision = awardStamps({ card, program, stamps, at, isOwnCard }, ids);
      if (decision.kind === 'refused') {
        return { status: 'declined', code: decision.code, subjectId };
      }
      const { change } = decision;
      const text = `${describeAmount(stamps, program.unit)} given at the counter`;
      const explanation = step('awarded', text);
      const about = { change, program, amount: stamps, storeId, originalId: null, explanation };
      const entry = counterEntry(message, { ...about, receipt: payload }, ids);
      await books.write([entry]);
      return {
        status: 'completed',
        transactionId: entry.id,
        result: { award: entry.outcome },
        subjectId,
        auditDetail: { stamps, storeId },
      };
    },
  );
}
