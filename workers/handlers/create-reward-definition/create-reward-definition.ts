import { addRecord } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import { type DefinitionDependencies, type DefinitionRepos, whyNotKept } from '../reward-terms.ts';

/**
 * Drafts a reward that customers will be able to claim. Outcomes: `completed`, or `declined` as
 * `unknown-program` or `unknown-store`.
 */
export function createCreateRewardDefinitionHandler(dependencies: DefinitionDependencies) {
  const { ids } = dependencies;
  return createCommandHandler<'create-reward-definition', DefinitionRepos>(
    dependencies,
    async (repos, message) => {
      const { programId, ...terms } = message.payload;
      const refusal = await whyNotKept(repos, message.businessId, { programId, terms });
      if (refusal) return refusal;
      const stockLeft = terms.stock ?? null;
      const fields = { programId, status: 'draft' as const, stockLeft, definition: terms };
      return addRecord(repos.setup.rewardDefinitions, message, { id: ids.id('rdf'), fields });
    },
  );
}
