import type { AnalyticsDependencies } from '../analytics.ts';
import type { Route } from '../route.ts';
import { analyticsCohortsRoute } from './analytics-cohorts/route.ts';
import { analyticsHeatmapRoute } from './analytics-heatmap/route.ts';
import { analyticsLiabilityRoute } from './analytics-liability/route.ts';
import { analyticsPromotionsRoute } from './analytics-promotions/route.ts';
import { analyticsSummaryRoute } from './analytics-summary/route.ts';
import { analyticsTimeseriesRoute } from './analytics-timeseries/route.ts';
import { analyticsTopCustomersRoute } from './analytics-top-customers/route.ts';

/** What the books come to. */
export function analyticsRoutes(deps: AnalyticsDependencies): Route[] {
  return [
    analyticsSummaryRoute(deps),
    analyticsTimeseriesRoute(deps),
    analyticsCohortsRoute(deps),
    analyticsHeatmapRoute(deps),
    analyticsTopCustomersRoute(deps),
    analyticsLiabilityRoute(deps),
    analyticsPromotionsRoute(deps),
  ];
}
