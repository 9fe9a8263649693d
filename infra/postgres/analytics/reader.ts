import type { Pool } from 'pg';
import type {
  Cohort,
  FiguresReader,
  HeatCell,
  Members,
  RewardCounts,
  Scope,
  SeriesPoint,
  Sums,
} from '../../../domain/analytics/readings.ts';
import type { BusinessId } from '../../../domain/values/ids.ts';
import type { Unit } from '../../../domain/values/units.ts';
import { fromUuid, toUuid } from '../ids.ts';
import * as sql from '../statements/read-figures.ts';

/** The figures, for those who may only read. */
export function createFiguresReader(pool: Pool): FiguresReader {
  async function ask<Row extends object>(
    statement: { name: string; text: string },
    values: readonly unknown[],
  ): Promise<Row[]> {
    return (await pool.query<Row>({ ...statement, values: [...values] })).rows;
  }
  const one = async <Row extends object>(...asked: Parameters<typeof ask>): Promise<Row> => {
    const [row] = await ask<Row>(...asked);
    if (!row) throw new Error(`${asked[0].name} answered nothing`);
    return row;
  };

  return {
    async findBusiness(businessId) {
      const [row] = await ask<{ name: string; zone: string; currency: string }>(findBusiness, [
        toUuid(businessId),
      ]);
      return row;
    },
    async overview(scope) {
      const values = valuesOf(scope);
      const withoutMoney = values.slice(0, 4);
      const [sums, members, rewards, programs] = await Promise.all([
        one<Sums>(sql.readSums, values),
        one<Members>(sql.readMembers, withoutMoney),
        one<RewardCounts>(sql.readRewards, withoutMoney),
        ask<ProgramRow>(sql.readPrograms, withoutMoney),
      ]);
      return {
        sums,
        members,
        rewards,
        programs: programs.map(({ id, ...row }) => ({ programId: fromUuid('prg', id), ...row })),
      };
    },
    series: (scope, interval) => ask<SeriesPoint>(sql.readSeries, [...valuesOf(scope), interval]),
    async cohorts(scope, months) {
      return toCohorts(await ask<CohortRow>(sql.readCohorts, [...valuesOf(scope), months]));
    },
    heat: (scope) => ask<HeatCell>(sql.readHeat, valuesOf(scope)),
    async topCustomers(scope, { by, limit }) {
      const rows = await ask<TopRow>(sql.readTopCustomers, [...valuesOf(scope), by, limit]);
      return rows.map(({ id, ...row }) => ({ customerId: fromUuid('cus', id), ...row }));
    },
    async liability({ businessId, storeIds }) {
      const values = [toUuid(businessId), storeIds?.map(toUuid) ?? null];
      const [holdings, rewards] = await Promise.all([
        ask<HoldingRow>(sql.readHoldings, values),
        ask<OpenRewardRow>(sql.readOpenRewards, values),
      ]);
      return {
        holdings: holdings.map(({ id, value, ...row }) => ({
          programId: fromUuid('prg', id),
          pointValueMinor: value,
          ...row,
        })),
        rewards: rewards.map(({ program, definition, ...row }) => ({
          programId: fromUuid('prg', program),
          definitionId: fromUuid('rdf', definition),
          ...row,
        })),
      };
    },
    async balancesAt(businessId: BusinessId, date) {
      const rows = await ask<{ id: string; amount: number }>(sql.readBalances, [
        toUuid(businessId),
        date,
      ]);
      return new Map(rows.map(({ id, amount }) => [fromUuid('prg', id), amount]));
    },
    async promotions(scope) {
      const rows = await ask<PromotionRow>(sql.readPromotions, valuesOf(scope));
      return rows.map(({ id, program, ...row }) => ({
        promotionId: fromUuid('prm', id),
        programId: fromUuid('prg', program),
        ...row,
      }));
    },
  };
}

const findBusiness = {
  name: 'figures-business',
  text: `
    SELECT name, zone, default_currency::text AS currency FROM business.businesses WHERE id = $1`,
};

function valuesOf({ businessId, from, to, storeIds, currency }: Scope): unknown[] {
  return [toUuid(businessId), from, to, storeIds?.map(toUuid) ?? null, currency];
}

interface ProgramRow {
  id: string;
  name: string;
  unit: Unit;
  issued: number;
  redeemed: number;
  expired: number;
}

interface TopRow {
  id: string;
  name: string | null;
  visits: number;
  gross: number;
  net: number;
  lastVisit: string | null;
}

interface HoldingRow {
  id: string;
  name: string;
  unit: Unit;
  currency: string;
  value: string | null;
  month: string | null;
  amount: number;
}

interface OpenRewardRow {
  program: string;
  definition: string;
  name: string;
  month: string | null;
  rewards: number;
}

interface PromotionRow {
  id: string;
  program: string;
  name: string;
  unit: Unit;
  uses: number;
  given: number;
  net: number;
  otherVisits: number;
  otherNet: number;
}

interface CohortRow {
  month: string;
  later: number;
  active: number;
  net: number;
}

/** A month in which nobody of a cohort came has no row. */
function toCohorts(rows: readonly CohortRow[]): Cohort[] {
  return [...Map.groupBy(rows, ({ month }) => month)].map(([month, own]) => {
    const byMonth = new Map(own.map((row) => [row.later, row]));
    const last = Math.max(...byMonth.keys());
    return {
      month,
      size: byMonth.get(0)?.active ?? 0,
      months: Array.from({ length: last + 1 }, (_, later) => {
        const { active = 0, net = 0 } = byMonth.get(later) ?? {};
        return { active, net };
      }),
    };
  });
}
