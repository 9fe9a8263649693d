import type { ProgramId } from '../values/ids.ts';
import { presentAmount, type Unit } from '../values/units.ts';
import type { Overview, ProgramSums } from './readings.ts';

/** What a figure is of: `money` in minor units, `share` from 0 to 1, `amount` in a program's unit. */
export type KpiKind = 'count' | 'money' | 'share' | 'amount';

export interface Kpi {
  name: string;
  title: string;
  kind: KpiKind;
  /** Null where there is nothing to divide by. */
  value: number | string | null;
  previous: number | string | null;
  /** Of the value over the one before, as a share; null where that was nothing. */
  change: number | null;
  definition: string;
}

interface Definition<Source> {
  name: string;
  title: string;
  kind: KpiKind;
  definition: string;
  of: (source: Source) => number | null;
}

/** What the figures of a business mean. The same words stand in the answer, the report and the docs. */
export const businessKpis: readonly Definition<Overview>[] = [
  {
    name: 'sales',
    title: 'Sales',
    kind: 'count',
    definition:
      'Sales recorded on these business dates. One that was refunded whole, whenever, counts no ' +
      'more; one put aside for review does not count.',
    of: ({ sums }) => sums.sales,
  },
  {
    name: 'netSales',
    title: 'Net sales',
    kind: 'money',
    definition:
      'Totals of the sales rung up on these dates, tax and tips as on the receipts, less what was ' +
      'refunded on these dates, for whichever sale.',
    of: ({ sums }) => sums.gross - sums.refunded,
  },
  {
    name: 'refunds',
    title: 'Refunds',
    kind: 'money',
    definition: 'What was refunded on these dates, for whichever sale.',
    of: ({ sums }) => sums.refunded,
  },
  {
    name: 'averageSale',
    title: 'Average sale',
    kind: 'money',
    definition: 'Net sales by the number of sales, to the nearest minor unit.',
    of: ({ sums }) =>
      sums.sales === 0 ? null : Math.round((sums.gross - sums.refunded) / sums.sales),
  },
  {
    name: 'visits',
    title: 'Visits',
    kind: 'count',
    definition: 'Sales, and stamps given by hand that were not undone.',
    of: ({ sums }) => sums.visits,
  },
  {
    name: 'memberShare',
    title: 'Visits by members',
    kind: 'share',
    definition:
      'Of the visits, those of a known customer; a receipt claimed later counts for them.',
    of: ({ sums }) => share(sums.memberVisits, sums.visits),
  },
  {
    name: 'activeMembers',
    title: 'Active members',
    kind: 'count',
    definition: 'Different customers with at least one visit. Merged customers count as one.',
    of: ({ members }) => members.active,
  },
  {
    name: 'newMembers',
    title: 'New members',
    kind: 'count',
    definition: 'Active members whose first visit to the business was on these dates.',
    of: ({ members }) => members.new,
  },
  {
    name: 'repeatRate',
    title: 'Repeat rate',
    kind: 'share',
    definition:
      'Of the active members, those who came on two business dates or more. Two coffees in one ' +
      'morning are one day.',
    of: ({ members }) => share(members.repeat, members.active),
  },
  {
    name: 'rewardsIssued',
    title: 'Rewards issued',
    kind: 'count',
    definition:
      'Rewards that customers received on these dates. One given back for a redemption that was ' +
      'taken back is not received anew.',
    of: ({ rewards }) => rewards.issued,
  },
  {
    name: 'rewardsRedeemed',
    title: 'Rewards redeemed',
    kind: 'count',
    definition: 'Rewards used on these dates, without those whose use was taken back.',
    of: ({ rewards }) => rewards.redeemed,
  },
  {
    name: 'redemptionRate',
    title: 'Redemption rate',
    kind: 'share',
    definition:
      'Rewards redeemed on these dates by rewards issued on these dates. Above 1 where older ones ' +
      'were used.',
    of: ({ rewards }) => share(rewards.redeemed, rewards.issued),
  },
];

/** The same for one program, in its stamps or points. */
export const programKpis: readonly Definition<ProgramSums>[] = [
  {
    name: 'issued',
    title: 'Given',
    kind: 'amount',
    definition: 'Given by sales, offers and by hand on these dates, less what refunds took back.',
    of: ({ issued }) => issued,
  },
  {
    name: 'redeemed',
    title: 'Spent',
    kind: 'amount',
    definition: 'Spent on rewards and as payment on these dates, less what came back.',
    of: ({ redeemed }) => redeemed,
  },
  {
    name: 'expired',
    title: 'Expired',
    kind: 'amount',
    definition: 'Expired unused on these dates.',
    of: ({ expired }) => expired,
  },
  {
    name: 'redemptionRate',
    title: 'Redemption rate',
    kind: 'share',
    definition: 'Spent by given, on these dates.',
    of: ({ redeemed, issued }) => share(redeemed, issued),
  },
];

export interface ProgramFigures {
  programId: ProgramId;
  name: string;
  unit: Unit;
  kpis: Kpi[];
}

/** A period's figures beside those of the period before. */
export function summarize(
  current: Overview,
  previous: Overview,
): { kpis: Kpi[]; programs: ProgramFigures[] } {
  const before = new Map(previous.programs.map((program) => [program.programId, program]));
  return {
    kpis: businessKpis.map((definition) =>
      compare(definition, definition.of(current), definition.of(previous)),
    ),
    programs: current.programs.map((program) => {
      const { programId, name, unit } = program;
      const none = { ...program, issued: 0, redeemed: 0, expired: 0 };
      const earlier = before.get(programId) ?? none;
      const kpis = programKpis.map((definition) =>
        compare(definition, definition.of(program), definition.of(earlier), unit),
      );
      return { programId, name, unit, kpis };
    }),
  };
}

/** A share to four decimals; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : round4(part / whole);
}

/** How much more than before, as a share of it; null where there was nothing. */
export function changeOf(value: number | null, previous: number | null): number | null {
  if (value === null || previous === null || previous === 0) return null;
  return round4((value - previous) / Math.abs(previous));
}

function compare<Source>(
  { name, title, kind, definition }: Definition<Source>,
  value: number | null,
  previous: number | null,
  unit?: Unit,
): Kpi {
  const show = (amount: number | null) =>
    amount !== null && kind === 'amount' && unit ? presentAmount(amount, unit) : amount;
  return {
    name,
    title,
    kind,
    value: show(value),
    previous: show(previous),
    change: changeOf(value, previous),
    definition,
  };
}

const round4 = (value: number) => Math.round(value * 10_000) / 10_000;
