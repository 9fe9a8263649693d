import { createMetrics, type MetricDefinition, type Metrics } from './metrics.ts';

const ANSWER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 3_600];
const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500];

const counter = (name: string, help: string, ...labels: string[]) => ({
  kind: 'counter' as const,
  name: `regulars_${name}`,
  help,
  labels,
});
const gauge = (name: string, help: string, ...labels: string[]) => ({
  ...counter(name, help, ...labels),
  kind: 'gauge' as const,
});
const histogram = (
  name: string,
  buckets: readonly number[],
  help: string,
  ...labels: string[]
) => ({
  ...counter(name, help, ...labels),
  kind: 'histogram' as const,
  buckets,
});

/**
 * Every metric there is. A process publishes all of them; those that it does not feed stay empty. No
 * label holds an id of a business, a card or a person: there are too many, and they are nobody's who
 * looks at metrics.
 */
export const metricDefinitions = {
  // Rate, errors and duration of each route.
  requests: counter('http_requests_total', 'Requests answered.', 'route', 'status'),
  requestSeconds: histogram(
    'http_request_duration_seconds',
    ANSWER_SECONDS,
    'From a request to the end of its answer, waits that the client asked for included.',
    'route',
  ),
  guessing: counter(
    'guessing_suspected_total',
    'Callers who asked for more codes that nobody has than a person would in a minute.',
  ),

  queueJobs: gauge('queue_jobs', 'Jobs in a queue, by what they wait for.', 'queue', 'state'),
  queueOldestSeconds: gauge(
    'queue_oldest_job_age_seconds',
    'Age of the job that has waited longest to be taken; 0 when none waits.',
    'queue',
  ),
  jobTrouble: counter(
    'job_trouble_total',
    'Tries that failed, jobs parked after their last, and jobs taken over from a dead worker.',
    'queue',
    'kind',
  ),

  batchSize: histogram(
    'command_batch_size',
    BATCH_SIZES,
    'Commands that were loaded, decided and committed together.',
    'command',
  ),
  applySeconds: histogram(
    'command_apply_duration_seconds',
    ANSWER_SECONDS,
    'Load, decide and commit of one batch.',
    'command',
  ),
  commandSeconds: histogram(
    'command_latency_seconds',
    LAG_SECONDS,
    'From the request that was accepted to the commit of its outcome.',
    'command',
  ),
  outcomes: counter('commands_total', 'Commands that ended, by outcome.', 'command', 'outcome'),
  ledgerDifferences: counter(
    'ledger_differences_total',
    'Cards whose balance is not what their postings and lots add up to.',
  ),

  outboxRows: gauge(
    'outbox_rows',
    'Committed facts that wait: for a relay (`all`), or for a destination that was away or slow.',
    'destination',
  ),
  outboxOldestSeconds: gauge(
    'outbox_oldest_age_seconds',
    'Age of the oldest fact that waits; 0 when none does.',
    'destination',
  ),
  outboxLagSeconds: histogram(
    'outbox_lag_seconds',
    LAG_SECONDS,
    'From the decision of a fact to its arrival.',
    'destination',
  ),
  deliverySeconds: histogram(
    'relay_delivery_duration_seconds',
    ANSWER_SECONDS,
    'One delivery of rows to a destination.',
    'destination',
  ),
  deliveries: counter(
    'relay_deliveries_total',
    'Deliveries of rows to a destination.',
    'destination',
    'result',
  ),
  // What the business does, counted where every fact passes by; a fact that comes twice counts twice.
  facts: counter('facts_total', 'Facts that left, by type: sales, enrolments, rewards.', 'type'),

  webhookSeconds: histogram(
    'webhook_try_duration_seconds',
    ANSWER_SECONDS,
    'One try to send a webhook, until its status has come.',
  ),
  webhookTries: counter('webhook_tries_total', 'Tries to send a webhook.', 'result'),
  functionSeconds: histogram(
    'function_batch_duration_seconds',
    ANSWER_SECONDS,
    'One batch of messages in the hands of a function.',
    'function',
  ),
  functionMessages: counter(
    'function_messages_total',
    'Messages handed to a function; what failed comes again, and in the end lies with the dead letters.',
    'function',
    'result',
  ),

  redisMemoryRatio: gauge('redis_memory_used_ratio', 'Used memory of Redis over its limit.'),

  cpuSeconds: counter('process_cpu_seconds_total', 'CPU time of this process.'),
  residentBytes: gauge('process_resident_memory_bytes', 'Resident memory of this process.'),
  heapBytes: gauge('nodejs_heap_used_bytes', 'Heap in use.'),
  busyRatio: gauge('nodejs_eventloop_busy_ratio', 'Share of time that the event loop worked.'),
  startedSeconds: gauge('process_start_time_seconds', 'When this process began, as Unix time.'),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricDefinitions;
export type AppMetrics = Metrics<MetricName>;

/** A process's metrics, with what every process says of itself. */
export function createAppMetrics(): AppMetrics {
  const metrics = createMetrics<MetricName>(metricDefinitions);
  let last = performance.eventLoopUtilization();
  metrics.startedSeconds.of().set(Date.now() / 1_000 - process.uptime());
  metrics.beforeReading(() => {
    const { user, system } = process.cpuUsage();
    metrics.cpuSeconds.of().set((user + system) / 1e6);
    const { rss, heapUsed } = process.memoryUsage();
    metrics.residentBytes.of().set(rss);
    metrics.heapBytes.of().set(heapUsed);
    const now = performance.eventLoopUtilization();
    metrics.busyRatio.of().set(performance.eventLoopUtilization(now, last).utilization);
    last = now;
  });
  return metrics;
}
