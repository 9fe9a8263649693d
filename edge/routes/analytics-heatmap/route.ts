import { z } from 'zod';
import { compareHeat, heatTable } from '../../../domain/analytics/tables.ts';
import {
  type AnalyticsDependencies,
  figuresRoute,
  scopeFields,
  scopeSchema,
} from '../../analytics.ts';

const cellSchema = z
  .object({
    weekday: z.int().min(1).max(7).meta({ description: '1 is Monday; of the business date.' }),
    hour: z.int().min(0).max(23).meta({ description: 'As the store’s clock showed it.' }),
    sales: z.int(),
    visits: z.int(),
    grossSales: z.int().meta({ description: 'Minor units rung up in this hour.' }),
    previousVisits: z.int(),
  })
  .meta({ id: 'HeatmapCell' });

/** `GET /v1/admin/analytics/heatmap`: when people come. */
export function analyticsHeatmapRoute(deps: AnalyticsDependencies) {
  return figuresRoute(deps, {
    name: 'analytics-heatmap',
    path: '/v1/admin/analytics/heatmap',
    summary: 'Visits by hour and weekday',
    description:
      'What a bar sells after midnight stands under the weekday that its day began on. An hour that ' +
      'the clocks repeat counts twice. Cells without a visit in either period are left out.',
    query: z.strictObject(scopeFields),
    schema: z
      .object({ ...scopeSchema, cells: z.array(cellSchema) })
      .meta({ id: 'AnalyticsHeatmap' }),
    async answer({ current, previous, head }) {
      const [now, before] = await Promise.all([
        deps.figures.heat(current),
        deps.figures.heat(previous),
      ]);
      const cells = compareHeat({ current: now, previous: before });
      return {
        json: {
          ...head,
          cells: cells.map(({ gross, ...cell }) => ({ ...cell, grossSales: gross })),
        },
        table: () => heatTable(cells),
      };
    },
  });
}
