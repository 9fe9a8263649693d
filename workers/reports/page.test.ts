import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { summarize } from '../../domain/analytics/kpis.ts';
import { lastWeek, type ReportContent } from '../../domain/analytics/report.ts';
import type { Overview } from '../../domain/analytics/readings.ts';
import { niceTicks, shadeOf } from './charts.ts';
import { renderReport } from './page.ts';

const overview: Overview = {
  sums: { sales: 1, visits: 1, memberVisits: 1, gross: 1_000, refunded: 0 },
  members: { active: 1, repeat: 0, new: 1 },
  rewards: { issued: 0, redeemed: 0, expired: 0 },
  programs: [],
};

function aReport(over: Partial<ReportContent> = {}): ReportContent {
  const period = { from: '2026-05-01', to: '2026-05-02' };
  const none = { current: [], previous: [] };
  return {
    business: { name: 'Café', zone: 'Europe/Lisbon' },
    storeName: null,
    scope: { businessId: 'biz_1', storeIds: null, currency: 'EUR', ...period },
    previous: { from: '2026-04-29', to: '2026-04-30' },
    madeAt: Date.parse('2026-05-03T06:00:00Z'),
    ...summarize(overview, overview),
    series: none,
    heat: none,
    cohorts: none,
    top: [],
    liability: [],
    openRewards: [],
    promotions: none,
    ...over,
  };
}

describe('the page of a report', () => {
  test('shows what people typed as text, never as markup', () => {
    const name = '<script>alert("1")</script>';
    const page = renderReport(aReport({ business: { name, zone: 'UTC' }, storeName: name }));
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)');
    expect(page).not.toContain('<script');
  });

  test('allows its own style and nothing else, and has no other', () => {
    const page = renderReport(aReport());
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `default-src 'none'; style-src 'sha256-${hash}'`.replaceAll("'", '&#39;'),
    );
    expect(page).not.toMatch(/\sstyle=|\son\w+=|(src|href)=/);
  });

  test('says what each figure means, and of a week without sales no more than that', () => {
    const page = renderReport(aReport());
    expect(page).toContain('€10.00');
    expect(page).toContain('Different customers with at least one visit');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('an axis has round steps that hold every value', () => {
  expect(niceTicks(0, 7)).toEqual([0, 2, 4, 6, 8]);
  expect(niceTicks(0, 8)).toEqual([0, 2, 4, 6, 8]);
  expect(niceTicks(-120, 380)).toEqual([-200, 0, 200, 400]);
});

test('a shade is none for nothing, the darkest for most', () => {
  expect([0, 1, 99, 100].map((value) => shadeOf(value, 100))).toEqual([0, 1, 8, 8]);
  expect(shadeOf(0, 0)).toBe(0);
});

test('the last week is Monday to Sunday, as the business’s own calendar has it', () => {
  const at = Date.parse('2026-11-23T00:30:00Z');
  expect(lastWeek(at, 'Europe/Lisbon')).toEqual({ from: '2026-11-16', to: '2026-11-22' });
  // There it is Sunday still.
  expect(lastWeek(at, 'America/New_York')).toEqual({ from: '2026-11-09', to: '2026-11-15' });
});
