import { changeRecord } from '../change.ts';
import { createCommandHandler } from '../command.ts';
import {
  type DefinitionDependencies,
  type DefinitionRepos,
  editTerms,
  whyNotKept,
} from '../reward-terms.ts';

/**
 * Changes what a reward promises from now on; what was claimed keeps its terms. Outcomes:
 * `completed`, or `declined` as `not-found`, `precondition-failed`, `unknown-store` or `wrong-state`.
 */
export function createUpdateRewardDefinitionHandler(dependencies: DefinitionDependencies) {
  return createCommandHandler<'update-reward-definition', DefinitionRepos>(
    dependencies,
    (repos, message) =>
      changeRecord(repos.setup.rewardDefinitions, message, async (terms, record) => {
        const refusal = await whyNotKept(repos, message.businessId, { terms });
        return refusal ?? editTerms(record, terms);
      }),
  );
}
