import { describe, expect, test } from '@jest/globals';
import { alarms } from './alarms.ts';
import { createAppMetrics, metricDefinitions } from './catalogue.ts';
import { createEmfReport, emfMetrics, quantile } from './emf.ts';
import { createMetrics } from './metrics.ts';
import { ageSeconds, usedRatio } from './watch.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const definitions = {
  sales: { kind: 'counter', name: 'sales_total', help: 'Sales.', labels: ['store', 'kind'] },
  depth: { kind: 'gauge', name: 'depth', help: 'Depth.', labels: [] },
  wait: {
    kind: 'histogram',
    name: 'wait_seconds',
    help: 'Wait.',
    labels: ['route'],
    buckets: [0.1, 1],
  },
} as const;

describe('metrics', () => {
  test('are published as Prometheus reads them', async () => {
    const metrics = createMetrics(definitions);
    metrics.sales.of('a', 'x').add();
    metrics.sales.of('a', 'x').add(2);
    metrics.sales.of('say "hi"\\\n', 'y').add();
    for (const value of [0.1, 0.100001, 1, 7]) metrics.wait.of('post').observe(value);
    expect(await metrics.text()).toBe(
      [
        '# HELP sales_total Sales.',
        '# TYPE sales_total counter',
        'sales_total{store="a",kind="x"} 3',
        'sales_total{store="say \\"hi\\"\\\\\\n",kind="y"} 1',
        '# HELP depth Depth.',
        '# TYPE depth gauge',
        'depth 0',
        '# HELP wait_seconds Wait.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{route="post",le="0.1"} 1',
        'wait_seconds_bucket{route="post",le="1"} 3',
        'wait_seconds_bucket{route="post",le="+Inf"} 4',
        'wait_seconds_sum{route="post"} 8.200001',
        'wait_seconds_count{route="post"} 4',
        '',
      ].join('\n'),
    );
  });

  test('that cannot be known right now hide no others', async () => {
    const metrics = createMetrics(definitions);
    metrics.beforeReading(() => Promise.reject(new Error('away')));
    metrics.beforeReading(() => {
      throw new Error('away');
    });
    metrics.beforeReading(() => metrics.depth.of().set(5));
    expect(await metrics.text()).toContain('\ndepth 5\n');
  });

  test('refuse other labels than they are declared with', () => {
    expect(() => createMetrics(definitions).sales.of('a')).toThrow('store, kind');
  });

  test('are summed over the series asked for', () => {
    const metrics = createMetrics(definitions);
    metrics.sales.of('a', '500').add(2);
    metrics.sales.of('b', '503').add(3);
    metrics.sales.of('b', '202').add(9);
    expect(metrics.total('sales')).toBe(14);
    expect(metrics.total('sales', 'b')).toBe(12);
    expect(metrics.total('sales', /./, /^5/)).toBe(5);
  });
});

describe('the catalogue', () => {
  const all = Object.entries(metricDefinitions);

  test('names metrics as Prometheus would have them', () => {
    for (const [, { name, kind, help }] of all) {
      expect(name).toMatch(/^regulars_[a-z]+(_[a-z]+)*$/);
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
      if (kind === 'histogram') expect(name).toMatch(/_(seconds|size)$/);
      expect(help).toMatch(/^[A-Z].*\.$/);
    }
    expect(new Set(all.map(([, { name }]) => name)).size).toBe(all.length);
  });

  test('has no label that could hold an id or a person', () => {
    const labels = new Set(all.flatMap(([, definition]) => definition.labels));
    expect([...labels].sort()).toEqual([
      'command',
      'destination',
      'function',
      'kind',
      'outcome',
      'queue',
      'result',
      'route',
      'state',
      'status',
      'type',
    ]);
  });
});

describe('what CloudWatch is told', () => {
  test('costs nothing: ten metrics at most, and ten alarms', () => {
    expect(Object.keys(emfMetrics).length).toBeLessThanOrEqual(10);
    expect(Object.keys(alarms).length).toBeLessThanOrEqual(10);
  });

  test('is a line in its own format, of what came since the line before', async () => {
    const metrics = createAppMetrics();
    const report = createEmfReport({ metrics, namespace: 'Regulars', reporter: 'edge' });
    metrics.requests.of('record-purchase', '202').add(90);
    metrics.requests.of('record-purchase', '503').add(2);
    for (let i = 0; i < 100; i += 1) metrics.requestSeconds.of('record-purchase').observe(0.02);
    expect(await report(1_700_000_000_000)).toEqual({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'Regulars',
            Dimensions: [[]],
            Metrics: [
              { Name: 'RequestErrors', Unit: 'Count' },
              { Name: 'GuessingSuspected', Unit: 'Count' },
              { Name: 'PostSecondsP99', Unit: 'Seconds' },
            ],
          },
        ],
      },
      RequestErrors: 2,
      GuessingSuspected: 0,
      PostSecondsP99: 0.025,
    });
    metrics.requests.of('record-purchase', '500').add(1);
    metrics.requestSeconds.of('record-purchase').observe(3);
    expect(await report(1)).toMatchObject({ RequestErrors: 1, PostSecondsP99: 5 });
    expect(await report(2)).toMatchObject({ RequestErrors: 0, PostSecondsP99: 0 });
  });

  test('never tells a quantile too small', () => {
    const bounds = [0.1, 1];
    expect(quantile(0.99, bounds, [99, 1, 0])).toBe(0.1);
    expect(quantile(0.99, bounds, [98, 2, 0])).toBe(1);
    expect(quantile(0.99, bounds, [98, 0, 2])).toBe(2);
    expect(quantile(0.99, bounds, [0, 0, 0])).toBe(0);
  });

  test('ages are never negative, and a Redis without a limit is not full', () => {
    expect([ageSeconds(null, 5_000), ageSeconds(6_000, 5_000)]).toEqual([0, 0]);
    expect(ageSeconds(3_000, 5_000)).toBe(2);
    expect(usedRatio('used_memory:50\r\nmaxmemory:0\r\n')).toBe(0);
    expect(usedRatio('used_memory:50\r\nused_memory_peak:99\r\nmaxmemory:200\r\n')).toBe(0.25);
  });
});

describe('alarms', () => {
  const runbook = readFileSync(join(import.meta.dirname, 'RUNBOOK.md'), 'utf8');

  test.each(Object.entries(alarms))('%s has its page in the runbook', (name) => {
    expect(runbook).toContain(`\n## ${name}\n`);
  });

  test.each(Object.entries(alarms))('%s is over metrics that there are', (_, alarm) => {
    const { metric, prometheus } = alarm;
    if (metric.namespace === 'Regulars') expect(Object.keys(emfMetrics)).toContain(metric.name);
    const known = Object.values(metricDefinitions).map(({ name }) => name);
    for (const [used] of prometheus.matchAll(/regulars_\w+/g)) {
      expect(known).toContain(used.replace(/_bucket$/, ''));
    }
  });

  test('the runbook has no page of an alarm that is gone', () => {
    const pages = [...runbook.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    expect(new Set(pages)).toEqual(new Set(Object.keys(alarms)));
  });
});
