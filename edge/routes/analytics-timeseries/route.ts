import { z } from 'zod';
import { INTERVALS, type SeriesPoint } from '../../../domain/analytics/readings.ts';
import { seriesTable } from '../../../domain/analytics/tables.ts';
import {
  type AnalyticsDependencies,
  figuresRoute,
  scopeFields,
  scopeSchema,
} from '../../analytics.ts';

const pointSchema = z
  .object({
    start: z.iso.date().meta({ description: 'The first day of the step within the period.' }),
    sales: z.int(),
    visits: z.int(),
    memberVisits: z.int(),
    netSales: z.int().meta({ description: 'Minor units, less refunds of the same days.' }),
    refunds: z.int().meta({ description: 'Minor units.' }),
    activeMembers: z.int().meta({ description: 'Different ones within the step.' }),
    newMembers: z.int(),
  })
  .meta({ id: 'SeriesPoint' });

/** `GET /v1/admin/analytics/timeseries`: the figures by day, week or month. */
export function analyticsTimeseriesRoute(deps: AnalyticsDependencies) {
  return figuresRoute(deps, {
    name: 'analytics-timeseries',
    path: '/v1/admin/analytics/timeseries',
    summary: 'Figures by day, week or month',
    description:
      'Every step of the period is there, those without a sale as well. Weeks begin on Monday. The ' +
      'figures are defined as in the summary.',
    query: z.strictObject({ ...scopeFields, interval: z.enum(INTERVALS).default('day') }),
    schema: z
      .object({
        ...scopeSchema,
        interval: z.enum(INTERVALS),
        points: z.array(pointSchema),
        previous: z.array(pointSchema).meta({ description: 'Of the period before.' }),
      })
      .meta({ id: 'AnalyticsTimeseries' }),
    async answer({ current, previous, head }, query) {
      const { interval } = query;
      const [now, before] = await Promise.all([
        deps.figures.series(current, interval),
        deps.figures.series(previous, interval),
      ]);
      const points = now.map(toPoint);
      const earlier = before.map(toPoint);
      return {
        json: { ...head, interval, points, previous: earlier },
        table: () => seriesTable({ current: now, previous: before }),
      };
    },
  });
}

function toPoint(point: SeriesPoint): z.output<typeof pointSchema> {
  return {
    start: point.start,
    sales: point.sales,
    visits: point.visits,
    memberVisits: point.memberVisits,
    netSales: point.gross - point.refunded,
    refunds: point.refunded,
    activeMembers: point.activeMembers,
    newMembers: point.newMembers,
  };
}
