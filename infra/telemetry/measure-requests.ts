import type { AppMetrics } from './catalogue.ts';
import type { Series } from './metrics.ts';

/** Notes each answer under its route, and what asked for no route of ours under `other`. */
export function measureRequests(metrics: AppMetrics) {
  // Its own look-up of one key: the requests of a till are nearly all of one route and one status.
  const counters = new Map<string, Map<number, Series>>();
  const histograms = new Map<string, Series>();
  return (route = 'other', status: number, seconds: number): void => {
    let byStatus = counters.get(route);
    if (!byStatus) counters.set(route, (byStatus = new Map()));
    let counter = byStatus.get(status);
    if (!counter) byStatus.set(status, (counter = metrics.requests.of(route, String(status))));
    counter.add();
    let histogram = histograms.get(route);
    if (!histogram) histograms.set(route, (histogram = metrics.requestSeconds.of(route)));
    histogram.observe(seconds);
  };
}
