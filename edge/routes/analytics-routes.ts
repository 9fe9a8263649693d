import type { FileStore } from '../../domain/files/file-store.ts';
import type { AnalyticsDependencies as FiguresDependencies } from '../analytics.ts';
import type { CommandGate } from '../command-gate.ts';
import type { CursorSealer } from '../ports.ts';
import type { ReportReader } from '../reports.ts';
import type { Route } from '../route.ts';
import { analyticsCohortsRoute } from './analytics-cohorts/route.ts';
import { analyticsHeatmapRoute } from './analytics-heatmap/route.ts';
import { analyticsLiabilityRoute } from './analytics-liability/route.ts';
import { analyticsPromotionsRoute } from './analytics-promotions/route.ts';
import { analyticsSummaryRoute } from './analytics-summary/route.ts';
import { analyticsTimeseriesRoute } from './analytics-timeseries/route.ts';
import { getReportRoute } from './get-report/route.ts';
import { listReportsRoute } from './list-reports/route.ts';
import { makeReportRoute } from './make-report/route.ts';
import { analyticsTopCustomersRoute } from './analytics-top-customers/route.ts';

export interface AnalyticsDependencies extends FiguresDependencies {
  reports: ReportReader;
  gate: CommandGate;
  files: FileStore | undefined;
  cursors: CursorSealer;
}

/** What the books come to, to look at and to take along. */
export function analyticsRoutes(deps: AnalyticsDependencies): Route[] {
  return [
    analyticsSummaryRoute(deps),
    analyticsTimeseriesRoute(deps),
    analyticsCohortsRoute(deps),
    analyticsHeatmapRoute(deps),
    analyticsTopCustomersRoute(deps),
    analyticsLiabilityRoute(deps),
    analyticsPromotionsRoute(deps),
    makeReportRoute(deps),
    listReportsRoute(deps),
    getReportRoute(deps),
  ];
}
