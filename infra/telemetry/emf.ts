import type { Logger } from 'pino';
import type { AppMetrics } from './catalogue.ts';

/** A process that writes metrics for CloudWatch. */
export type Reporter = 'edge' | 'worker' | 'relay' | 'functions';

interface EmfMetric {
  unit: 'Count' | 'Seconds' | 'None';
  /** Who knows it. Several may; they are one series, because it has no dimensions. */
  from: readonly Reporter[];
  /** `sum`: what was added since the last report; `level`: what it is now. */
  kind: 'sum' | 'level';
  read: (metrics: AppMetrics, since: Snapshot) => number;
}

const ENOUGH_TRIES = 20;

/** What counters and histograms were at the last report. */
type Snapshot = Map<string, number | readonly number[]>;

/**
 * What CloudWatch is told, in its embedded metric format: one log line a minute, which its agent turns
 * into metrics. Ten series and no more, because ten are free and each further one is 0.30 $ a month;
 * everything else is for Prometheus. AWS tells of its own services by itself (dead letters, disks).
 */
export const emfMetrics = {
  Purchases: sum(['relay'], (metrics) => metrics.total('facts', 'transaction.recorded')),
  RequestErrors: sum(['edge'], (metrics) => metrics.total('requests', /./, /^5/)),
  GuessingSuspected: sum(['edge'], (metrics) => metrics.total('guessing')),
  PostSecondsP99: {
    unit: 'Seconds',
    from: ['edge'],
    kind: 'level',
    read: (metrics, since) => {
      const { bounds, counts } = metrics.distribution('requestSeconds', 'record-purchase');
      const before = (since.get('posts') ?? []) as readonly number[];
      since.set('posts', counts);
      return quantile(
        0.99,
        bounds,
        counts.map((count, i) => count - (before[i] ?? 0)),
      );
    },
  },
  JobsParked: sum(['worker'], (metrics) => metrics.total('jobTrouble', /./, 'parked')),
  LedgerDifferences: sum(['worker'], (metrics) => metrics.total('ledgerDifferences')),
  WebhookFailureRatio: {
    unit: 'None',
    from: ['relay'],
    kind: 'level',
    read: (metrics, since) => {
      const counts = [metrics.total('webhookTries'), metrics.total('webhookTries', 'arrived')];
      const before = (since.get('webhooks') ?? [0, 0]) as readonly number[];
      since.set('webhooks', counts);
      const [tries = 0, arrived = 0] = counts.map((count, i) => count - (before[i] ?? 0));
      // A few tries say something of a receiver and nothing of us.
      return tries < ENOUGH_TRIES ? 0 : (tries - arrived) / tries;
    },
  },
  QueueOldestSeconds: level(['relay'], 'Seconds', (metrics) => metrics.total('queueOldestSeconds')),
  OutboxOldestSeconds: level(['relay'], 'Seconds', (metrics) =>
    metrics.total('outboxOldestSeconds'),
  ),
  RedisMemoryRatio: level(['relay'], 'None', (metrics) => metrics.total('redisMemoryRatio')),
} as const satisfies Record<string, EmfMetric>;

export type EmfName = keyof typeof emfMetrics;

// As long as CloudWatch's shortest free period.
const REPORT_EVERY_MS = 60_000;

/** Writes the process's metrics for CloudWatch into its log. @returns stop */
export function startEmf(options: {
  metrics: AppMetrics;
  /** Undefined: there is no CloudWatch. */
  namespace: string | undefined;
  reporter: Reporter;
  log: Pick<Logger, 'info'>;
}): () => void {
  const { namespace } = options;
  if (namespace === undefined) return () => undefined;
  const report = createEmfReport({ ...options, namespace });
  const timer = setInterval(() => {
    void report(Date.now()).then((line) => options.log.info(line, 'metrics'));
  }, REPORT_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Makes one line: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function createEmfReport(options: {
  metrics: AppMetrics;
  namespace: string;
  reporter: Reporter;
}): (at: number) => Promise<object> {
  const mine = Object.entries<EmfMetric>(emfMetrics).filter(([, { from }]) =>
    from.includes(options.reporter),
  );
  const since: Snapshot = new Map();
  return async (at) => {
    await options.metrics.refresh();
    const values = mine.map(([name, { kind, read }]) => {
      const value = read(options.metrics, since);
      if (kind === 'level') return [name, value] as const;
      const before = (since.get(name) ?? 0) as number;
      since.set(name, value);
      return [name, value - before] as const;
    });
    return {
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: options.namespace,
            Dimensions: [[]],
            Metrics: mine.map(([Name, { unit }]) => ({ Name, Unit: unit })),
          },
        ],
      },
      ...Object.fromEntries(values),
    };
  };
}

/**
 * A quantile of what fell into buckets: the upper bound of the bucket that it lies in, so that it is
 * never told too small; 0 of nothing.
 */
export function quantile(of: number, bounds: readonly number[], counts: readonly number[]): number {
  const rank = of * counts.reduce((sum, count) => sum + count, 0);
  if (rank === 0) return 0;
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  return bounds[bucket] ?? 2 * (bounds.at(-1) ?? 0);
}

function sum(from: readonly Reporter[], read: EmfMetric['read']) {
  return { unit: 'Count', from, kind: 'sum', read } as const;
}

function level(from: readonly Reporter[], unit: EmfMetric['unit'], read: EmfMetric['read']) {
  return { unit, from, kind: 'level', read } as const;
}
