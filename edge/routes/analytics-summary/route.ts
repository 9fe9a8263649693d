import { z } from 'zod';
import { businessKpis, programKpis, summarize } from '../../../domain/analytics/kpis.ts';
import { summaryTable } from '../../../domain/analytics/tables.ts';
import {
  type AnalyticsDependencies,
  figuresRoute,
  scopeFields,
  scopeSchema,
} from '../../analytics.ts';

const value = z.union([z.number(), z.string()]).nullable();

const kpiSchema = z
  .object({
    name: z.string().meta({ description: 'Stable; new figures may be added.' }),
    title: z.string(),
    kind: z.enum(['count', 'money', 'share', 'amount']).meta({
      description:
        '`money` is in minor units of `currency`, `share` is from 0 to 1 (or above), `amount` is ' +
        'stamps as an integer or points as a decimal string.',
    }),
    value: value.meta({ description: 'Null where there is nothing to divide by.' }),
    previous: value,
    change: z.number().nullable().meta({ description: 'As a share of the period before.' }),
    definition: z.string(),
  })
  .meta({ id: 'Kpi' });

const definitions = (list: readonly { name: string; definition: string }[]) =>
  list.map(({ name, definition }) => `- \`${name}\`: ${definition}`).join('\n');

/** `GET /v1/admin/analytics/summary`: the figures of a period beside those of the one before. */
export function analyticsSummaryRoute(deps: AnalyticsDependencies) {
  return figuresRoute(deps, {
    name: 'analytics-summary',
    path: '/v1/admin/analytics/summary',
    summary: 'Key figures, and those of the period before',
    description: 'Each with its definition.',
    details: `\n\n${definitions(businessKpis)}\n\nOf each program:\n\n${definitions(programKpis)}`,
    query: z.strictObject(scopeFields),
    schema: z
      .object({
        ...scopeSchema,
        kpis: z.array(kpiSchema),
        programs: z.array(
          z.object({
            programId: z.string(),
            name: z.string(),
            unit: z.enum(['stamp', 'point']),
            kpis: z.array(kpiSchema),
          }),
        ),
      })
      .meta({ id: 'AnalyticsSummary' }),
    async answer({ current, previous, head }) {
      const [now, before] = await Promise.all([
        deps.figures.overview(current),
        deps.figures.overview(previous),
      ]);
      const summary = summarize(now, before);
      return { json: { ...head, ...summary }, table: () => summaryTable(summary) };
    },
  });
}
