import { findPromotionFault } from '../../../domain/promotions/promotion.ts';
import { addRecord, refuse } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import {
  findProgram,
  type PromotionDependencies,
  type PromotionRepos,
  refuseUnknownStores,
} from '../promotions.ts';

/**
 * Drafts a promotion; nothing counts before it is published. Outcomes: `completed`,
 * `unknown-program`, `unknown-store`, or a fault of its definition.
 */
export function createCreatePromotionHandler(dependencies: PromotionDependencies) {
  return createCommandHandler<'create-promotion', PromotionRepos>(
    dependencies,
    async (repos, message) => {
      const { programId, definition } = message.payload;
      const program = await findProgram(repos, message.businessId, programId);
      if (!program) return refuse('unknown-program');
      const refusal = await refuseUnknownStores(repos, message.businessId, definition.storeIds);
      if (refusal) return refusal;
      const fault = findPromotionFault(definition, program.unit);
      if (fault) return refuse(fault);
      const id = dependencies.ids.id('prm');
      const fields = { programId, definition };
      return addRecord(repos.promotions.records, message, { id, fields });
    },
  );
}
