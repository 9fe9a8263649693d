import { presentAmount } from '../values/units.ts';
import { associate } from './association.ts';
import { type Kpi, type ProgramFigures, share } from './kpis.ts';
import type { ProgramLiability } from './liability.ts';
import type {
  Cohort,
  HeatCell,
  OpenRewards,
  PromotionUse,
  SeriesPoint,
  TopCustomer,
} from './readings.ts';

/** Figures as a file of rows: what a request for CSV is answered with, and what a report takes along. */
export interface Table {
  name: string;
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

export function summaryTable(summary: {
  kpis: readonly Kpi[];
  programs: readonly ProgramFigures[];
}): Table {
  const toRow = (program: string | null) => (kpi: Kpi) => [
    program,
    kpi.name,
    kpi.kind,
    kpi.value,
    kpi.previous,
    kpi.change,
    kpi.definition,
  ];
  return {
    name: 'summary',
    columns: ['program', 'figure', 'kind', 'value', 'previous', 'change', 'definition'],
    rows: [
      ...summary.kpis.map(toRow(null)),
      ...summary.programs.flatMap(({ name, kpis }) => kpis.map(toRow(name))),
    ],
  };
}

/** A period's rows, and those of the one before. */
type Both<Row> = Readonly<Record<'current' | 'previous', readonly Row[]>>;

function bothOf<Row>(both: Both<Row>, toRow: (row: Row) => readonly unknown[]): unknown[][] {
  return [
    ...both.current.map((row) => ['current', ...toRow(row)]),
    ...both.previous.map((row) => ['previous', ...toRow(row)]),
  ];
}

export function seriesTable(both: Both<SeriesPoint>): Table {
  return {
    name: 'timeseries',
    columns: [
      'period',
      'start',
      'sales',
      'visits',
      'memberVisits',
      'netSales',
      'refunds',
      'activeMembers',
      'newMembers',
    ],
    rows: bothOf(both, (point) => [
      point.start,
      point.sales,
      point.visits,
      point.memberVisits,
      point.gross - point.refunded,
      point.refunded,
      point.activeMembers,
      point.newMembers,
    ]),
  };
}

export function cohortTable(both: Both<Cohort>): Table {
  const flat = (cohorts: readonly Cohort[]) =>
    cohorts.flatMap(({ month, size, months }) =>
      months.map(({ active, net }, i) => [month, size, i, active, share(active, size), net]),
    );
  return {
    name: 'cohorts',
    columns: ['period', 'cohort', 'size', 'monthsLater', 'active', 'share', 'netSales'],
    rows: bothOf({ current: flat(both.current), previous: flat(both.previous) }, (row) => row),
  };
}

/** A cell with the visits of the same hour in the period before. */
export type ComparedCell = HeatCell & { previousVisits: number };

/** Cells in which somebody came in either period, by weekday and hour. */
export function compareHeat({ current, previous }: Both<HeatCell>): ComparedCell[] {
  const cells = new Map<number, ComparedCell>();
  const placeOf = ({ weekday, hour }: HeatCell) => weekday * 24 + hour;
  for (const cell of current) cells.set(placeOf(cell), { ...cell, previousVisits: 0 });
  for (const cell of previous) {
    const known = cells.get(placeOf(cell)) ?? { ...cell, sales: 0, visits: 0, gross: 0 };
    cells.set(placeOf(cell), { ...known, previousVisits: cell.visits });
  }
  return [...cells].toSorted(([a], [b]) => a - b).map(([, cell]) => cell);
}

export function heatTable(cells: readonly ComparedCell[]): Table {
  return {
    name: 'heatmap',
    columns: ['weekday', 'hour', 'sales', 'visits', 'grossSales', 'previousVisits'],
    rows: cells.map((cell) => [
      cell.weekday,
      cell.hour,
      cell.sales,
      cell.visits,
      cell.gross,
      cell.previousVisits,
    ]),
  };
}

/** @param withNames not in what is kept: whoever is erased must not live on in a file */
export function topCustomersTable(
  customers: readonly (TopCustomer & { previousRank: number | null })[],
  { withNames }: { withNames: boolean },
): Table {
  const name = withNames ? ['name'] : [];
  return {
    name: 'top-customers',
    columns: [
      'customerId',
      ...name,
      'visits',
      'grossSales',
      'netSales',
      'lastVisit',
      'previousRank',
    ],
    rows: customers.map((customer) => [
      customer.customerId,
      ...(withNames ? [customer.name] : []),
      customer.visits,
      customer.gross,
      customer.net,
      customer.lastVisit,
      customer.previousRank,
    ]),
  };
}

/** Where each stood in the period before. @param before in order */
export function withRanks(
  customers: readonly TopCustomer[],
  before: readonly TopCustomer[],
): (TopCustomer & { previousRank: number | null })[] {
  const ranks = new Map(before.map(({ customerId }, i) => [customerId, i + 1]));
  return customers.map((customer) => ({
    ...customer,
    previousRank: ranks.get(customer.customerId) ?? null,
  }));
}

export function liabilityTable(
  programs: readonly ProgramLiability[],
  rewards: readonly OpenRewards[],
): Table {
  const names = new Map(programs.map(({ programId, name }) => [programId, name]));
  return {
    name: 'liability',
    columns: ['program', 'what', 'month', 'amount', 'valueMinor', 'currency'],
    rows: [
      ...programs.flatMap(({ name, unit, byMonth }) =>
        byMonth.map(({ month, amount, value }) => [
          name,
          `${unit}s`,
          month,
          amount,
          value?.amount,
          value?.currency,
        ]),
      ),
      ...rewards.map(({ programId, name, month, rewards: count }) => [
        names.get(programId),
        name,
        month,
        count,
        null,
        null,
      ]),
    ],
  };
}

export function promotionTable({ current, previous }: Both<PromotionUse>): Table {
  const earlier = new Map(previous.map((use) => [use.promotionId, use]));
  return {
    name: 'promotions',
    columns: [
      'promotionId',
      'name',
      'programId',
      'uses',
      'given',
      'averageWith',
      'averageWithout',
      'association',
      'previousUses',
      'previousGiven',
    ],
    rows: current.map((use) => {
      const { averageWith, averageWithout, association } = associate(use);
      const before = earlier.get(use.promotionId);
      return [
        use.promotionId,
        use.name,
        use.programId,
        use.uses,
        presentAmount(use.given, use.unit),
        averageWith,
        averageWithout,
        association,
        before?.uses ?? 0,
        presentAmount(before?.given ?? 0, use.unit),
      ];
    }),
  };
}
