import { z } from 'zod';
import {
  LIABILITY_DEFINITION,
  OPEN_REWARDS_DEFINITION,
  programLiabilities,
} from '../../../domain/analytics/liability.ts';
import { liabilityTable } from '../../../domain/analytics/tables.ts';
import { localDate, plusDays } from '../../../domain/values/time.ts';
import { type AnalyticsDependencies, figuresRoute, scopeFields } from '../../analytics.ts';
import { money, presentedAmount } from '../../schemas.ts';

const month = z
  .string()
  .nullable()
  .meta({
    description: 'In which it expires; null where it never does.',
    examples: ['2026-12'],
  });

const programSchema = z
  .object({
    programId: z.string(),
    name: z.string(),
    unit: z.enum(['stamp', 'point']),
    outstanding: presentedAmount,
    value: money.nullable().meta({ description: 'Null where no point has a value.' }),
    previous: presentedAmount.nullable().meta({
      description: 'On all cards at the end of `comparedWith`; null for a store.',
    }),
    byMonth: z.array(z.object({ month, amount: presentedAmount, value: money.nullable() })),
  })
  .meta({ id: 'ProgramLiability' });

/** `GET /v1/admin/analytics/liability`: what customers hold, and when it expires. */
export function analyticsLiabilityRoute(deps: AnalyticsDependencies) {
  const { storeId, from } = scopeFields;
  return figuresRoute(deps, {
    name: 'analytics-liability',
    path: '/v1/admin/analytics/liability',
    summary: 'What customers hold, by the month in which it expires',
    description: `As of now. ${LIABILITY_DEFINITION} Rewards: ${OPEN_REWARDS_DEFINITION}`,
    query: z.strictObject({
      from: from.meta({ description: 'The day to compare with; without it, 28 days ago.' }),
      storeId,
    }),
    schema: z
      .object({
        asOf: z.iso.datetime(),
        comparedWith: z.iso.date(),
        zone: z.string(),
        storeId: z.string().nullable(),
        definition: z.string(),
        programs: z.array(programSchema),
        rewards: z.array(
          z.object({
            programId: z.string(),
            definitionId: z.string(),
            name: z.string(),
            month,
            rewards: z.int(),
          }),
        ),
      })
      .meta({ id: 'AnalyticsLiability' }),
    async answer({ current, head }, query) {
      const at = deps.now();
      const comparedWith = query.from ?? plusDays(localDate(at, head.zone), -28);
      const [liability, before] = await Promise.all([
        deps.figures.liability(current),
        current.storeIds === null
          ? deps.figures.balancesAt(current.businessId, comparedWith)
          : undefined,
      ]);
      const programs = programLiabilities(liability.holdings, before);
      return {
        json: {
          asOf: new Date(at).toISOString(),
          comparedWith,
          zone: head.zone,
          storeId: head.storeId,
          definition: LIABILITY_DEFINITION,
          programs,
          rewards: liability.rewards,
        },
        table: () => liabilityTable(programs, liability.rewards),
      };
    },
  });
}
