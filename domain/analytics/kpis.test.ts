import { describe, expect, test } from '@jest/globals';
import { associate } from './association.ts';
import { businessKpis, programKpis, summarize } from './kpis.ts';
import { valueOf } from './liability.ts';
import { plusDays } from '../values/time.ts';
import { daysIn, periodBefore } from './period.ts';
import type { Overview } from './readings.ts';

const nothing: Overview = {
  sums: { sales: 0, visits: 0, memberVisits: 0, gross: 0, refunded: 0 },
  members: { active: 0, repeat: 0, new: 0 },
  rewards: { issued: 0, redeemed: 0, expired: 0 },
  programs: [],
};

describe('a summary', () => {
  test('says of each figure what it means, what it was before and how it changed', () => {
    const current: Overview = {
      sums: { sales: 3, visits: 4, memberVisits: 3, gross: 1_000, refunded: 100 },
      members: { active: 3, repeat: 1, new: 2 },
      rewards: { issued: 2, redeemed: 1, expired: 0 },
      programs: [
        {
          programId: 'prg_1',
          name: 'Points',
          unit: 'point',
          issued: 8_250_000,
          redeemed: 0,
          expired: 0,
        },
      ],
    };
    const previous = { ...nothing, sums: { ...nothing.sums, sales: 2, gross: 450 } };
    const { kpis, programs } = summarize(current, previous);
    const figure = (name: string) => kpis.find((kpi) => kpi.name === name);
    expect(figure('sales')).toMatchObject({ value: 3, previous: 2, change: 0.5 });
    expect(figure('netSales')).toMatchObject({ value: 900, previous: 450, change: 1 });
    expect(figure('averageSale')).toMatchObject({ value: 300, previous: 225 });
    expect(figure('memberShare')).toMatchObject({ value: 0.75, previous: null, change: null });
    expect(figure('repeatRate')).toMatchObject({ value: 0.3333 });
    expect(figure('redemptionRate')).toMatchObject({ value: 0.5, previous: null });
    expect(programs[0]?.kpis[0]).toMatchObject({ name: 'issued', value: '8.25', previous: '0' });
    for (const { definition } of kpis) expect(definition).toMatch(/\w{3}.*\.$/);
  });

  test('of nothing divides by nothing', () => {
    const { kpis } = summarize(nothing, nothing);
    expect(kpis.filter(({ kind }) => kind === 'share').map(({ value }) => value)).toEqual(
      businessKpis.filter(({ kind }) => kind === 'share').map(() => null),
    );
  });

  test('has no two figures of one name', () => {
    for (const list of [businessKpis, programKpis]) {
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
    }
  });
});

describe('a period', () => {
  test('is compared with as many days right before it', () => {
    expect(periodBefore({ from: '2024-03-01', to: '2024-03-31' })).toEqual({
      from: '2024-01-30',
      to: '2024-02-29',
    });
    expect(periodBefore({ from: '2024-03-01', to: '2024-03-01' })).toEqual({
      from: '2024-02-29',
      to: '2024-02-29',
    });
  });

  test('counts both its ends', () => {
    expect(daysIn({ from: '2024-01-01', to: '2024-12-31' })).toBe(366);
    expect(daysIn({ from: '2024-01-02', to: '2024-01-01' })).toBe(0);
    expect(plusDays('2023-12-31', 1)).toBe('2024-01-01');
  });
});

test('a liability is worth what a point pays, rounded down, or nothing that anybody has said', () => {
  const program = { unit: 'point', currency: 'EUR' } as const;
  expect(valueOf({ ...program, pointValueMinor: '0.5' }, 3_999_999)).toEqual({
    amount: 1,
    currency: 'EUR',
  });
  expect(valueOf({ ...program, pointValueMinor: null }, 3_000_000)).toBeNull();
});

test('a promotion is compared with the visits beside it, where there were any', () => {
  const use = {
    promotionId: 'prm_1' as const,
    programId: 'prg_1' as const,
    name: 'Double Tuesday',
    unit: 'point' as const,
    uses: 4,
    given: 0,
    net: 2_000,
    otherVisits: 10,
    otherNet: 4_000,
  };
  expect(associate(use)).toEqual({ averageWith: 500, averageWithout: 400, association: 0.25 });
  expect(associate({ ...use, otherVisits: 0, otherNet: 0 }).association).toBeNull();
});
