import type { RewardDefinitionFields } from '../../domain/rewards/definition.ts';
import { rewardTermsSchema } from '../../queues/reward-terms.ts';
import { fromUuid } from './ids.ts';
import type { RewardDefinition } from './models/models.ts';
import { idOf, plain, type RecordTable } from './records.ts';

/** Rewards that customers claim, as people set them up. */
export const rewardDefinitions: RecordTable<RewardDefinitionFields> = {
  name: 'loyalty.reward_definitions',
  columns: { programId: idOf('prg'), status: plain, stockLeft: plain, definition: plain },
};

/** The same for reading. */
export function presentDefinition(definition: RewardDefinition) {
  return {
    ...rewardTermsSchema.parse(definition.definition),
    id: fromUuid('rdf', definition.id),
    revision: definition.revision,
    createdAt: definition.createdAt.toISOString(),
    updatedAt: definition.updatedAt.toISOString(),
    programId: fromUuid('prg', definition.programId),
    status: definition.status,
    stockLeft: definition.stockLeft,
  };
}
