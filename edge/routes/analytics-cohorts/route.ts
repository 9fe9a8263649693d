import { z } from 'zod';
import { share } from '../../../domain/analytics/kpis.ts';
import type { Cohort } from '../../../domain/analytics/readings.ts';
import { cohortTable } from '../../../domain/analytics/tables.ts';
import {
  type AnalyticsDependencies,
  figuresRoute,
  scopeFields,
  scopeSchema,
} from '../../analytics.ts';

const MOST_MONTHS = 24;

const cohortSchema = z
  .object({
    month: z.string().meta({ description: 'Of their first visit.', examples: ['2026-01'] }),
    size: z.int(),
    months: z
      .array(
        z.object({
          active: z.int(),
          share: z.number().nullable().meta({ description: 'Of the size.' }),
          netSales: z.int().meta({ description: 'Minor units.' }),
        }),
      )
      .meta({ description: 'The month itself, the one after it, and so on; the last has visits.' }),
  })
  .meta({ id: 'Cohort' });

/** `GET /v1/admin/analytics/cohorts`: who came for the first time, and who of them came again. */
export function analyticsCohortsRoute(deps: AnalyticsDependencies) {
  return figuresRoute(deps, {
    name: 'analytics-cohorts',
    path: '/v1/admin/analytics/cohorts',
    summary: 'Members by the month of their first visit',
    description:
      'For each month of the period: members whose first visit lies in it and in the period, and how ' +
      'many of them came in that month and in each after it (calendar months of business dates). Of a ' +
      'store: first visits to it.',
    query: z.strictObject({
      ...scopeFields,
      months: z.coerce
        .number()
        .int()
        .min(1)
        .max(MOST_MONTHS)
        .default(12)
        .meta({ description: 'How many months to follow each, its own included.' }),
    }),
    schema: z
      .object({
        ...scopeSchema,
        cohorts: z.array(cohortSchema),
        previous: z.array(cohortSchema).meta({ description: 'Of the period before.' }),
      })
      .meta({ id: 'AnalyticsCohorts' }),
    async answer({ current, previous, head }, query) {
      const [now, before] = await Promise.all([
        deps.figures.cohorts(current, query.months),
        deps.figures.cohorts(previous, query.months),
      ]);
      const answer = { cohorts: now.map(toView), previous: before.map(toView) };
      return {
        json: { ...head, ...answer },
        table: () => cohortTable({ current: now, previous: before }),
      };
    },
  });
}

function toView({ month, size, months }: Cohort): z.output<typeof cohortSchema> {
  return {
    month,
    size,
    months: months.map(({ active, net }) => ({
      active,
      share: share(active, size),
      netSales: net,
    })),
  };
}
