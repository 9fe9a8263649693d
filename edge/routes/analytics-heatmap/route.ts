import { z } from 'zod';
import { compareHeat, heatTable } from '../../../domain/analytics/tables.ts';
import {
  type AnalyticsDependencies,
  CSV_HINT,
  readScope,
  scopeFields,
  scopeSchema,
  tableReply,
  tableResponse,
} from '../../analytics.ts';
import { defineRoute } from '../../route.ts';

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
  return defineRoute({
    name: 'analytics-heatmap',
    method: 'get',
    path: '/v1/admin/analytics/heatmap',
    tag: 'Admin',
    summary: 'Visits by hour and weekday',
    description:
      'What a bar sells after midnight stands under the weekday that its day began on. An hour that ' +
      `the clocks repeat counts twice. Cells without a visit in either period are left out.${CSV_HINT}`,
    scope: 'analytics:read',
    query: z.strictObject(scopeFields),
    responses: tableResponse(
      z.object({ ...scopeSchema, cells: z.array(cellSchema) }).meta({ id: 'AnalyticsHeatmap' }),
    ),
    async handle({ query, principal, headers }) {
      const { current, previous, head } = await readScope(deps, query, principal);
      const [now, before] = await Promise.all([
        deps.figures.heat(current),
        deps.figures.heat(previous),
      ]);
      const cells = compareHeat({ current: now, previous: before });
      return tableReply(
        headers,
        { ...head, cells: cells.map(({ gross, ...cell }) => ({ ...cell, grossSales: gross })) },
        () => heatTable(cells),
      );
    },
  });
}
