import { z } from 'zod';
import type { RewardDefinition, RewardTerms } from '../../domain/rewards/definition.ts';
import { rewardTerms } from '../../queues/reward-terms.ts';

/** A reward that customers claim: its terms, and how it stands. */
export interface RewardDefinitionView
  extends RewardTerms, Pick<RewardDefinition, 'status' | 'revision' | 'stockLeft'> {
  id: string;
  programId: string;
  createdAt: string;
  updatedAt: string;
}

export const rewardDefinitionSchema: z.ZodType<RewardDefinitionView> = z
  .object({
    ...rewardTerms,
    id: z.string(),
    revision: z.int(),
    programId: z.string(),
    status: z.enum(['draft', 'live', 'paused', 'ended']),
    stockLeft: z.int().nullable().meta({ description: 'null where any number can be claimed.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'RewardDefinition' });
