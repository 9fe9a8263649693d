import { z } from 'zod';
import { INTERVALS, type SeriesPoint } from '../../../domain/analytics/readings.ts';
import { seriesTable } from '../../../domain/analytics/tables.ts';
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
  return defineRoute({
    name: 'analytics-timeseries',
    method: 'get',
    path: '/v1/admin/analytics/timeseries',
    tag: 'Admin',
    summary: 'Figures by day, week or month',
    description:
      'Every step of the period is there, those without a sale as well. Weeks begin on Monday. The ' +
      `figures are defined as in the summary.${CSV_HINT}`,
    scope: 'analytics:read',
    query: z.strictObject({ ...scopeFields, interval: z.enum(INTERVALS).default('day') }),
    responses: tableResponse(
      z
        .object({
          ...scopeSchema,
          interval: z.enum(INTERVALS),
          points: z.array(pointSchema),
          previous: z.array(pointSchema).meta({ description: 'Of the period before.' }),
        })
        .meta({ id: 'AnalyticsTimeseries' }),
    ),
    async handle({ query, principal, headers }) {
      const { interval } = query;
      const { current, previous, head } = await readScope(deps, query, principal);
      const [now, before] = await Promise.all([
        deps.figures.series(current, interval),
        deps.figures.series(previous, interval),
      ]);
      const points = now.map(toPoint);
      const earlier = before.map(toPoint);
      return tableReply(headers, { ...head, interval, points, previous: earlier }, () =>
        seriesTable({ current: now, previous: before }),
      );
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
