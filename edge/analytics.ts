import { z } from 'zod';
import {
  daysIn,
  LONGEST_PERIOD_DAYS,
  type Period,
  periodBefore,
} from '../domain/analytics/period.ts';
import type { FiguresReader, Scope } from '../domain/analytics/readings.ts';
import type { Table } from '../domain/analytics/tables.ts';
import { localDate, plusDays, type Instant } from '../domain/values/time.ts';
import { figuresDay } from '../queues/fields.ts';
import { wantsCsv, csvReply } from './csv.ts';
import { storesOf } from './history.ts';
import type { PosPrincipal, StaffPrincipal } from './ports.ts';
import { Problem } from './problems.ts';
import { defineRoute, type Reply, type Route } from './route.ts';
import { idSchema } from './schemas.ts';

export interface AnalyticsDependencies {
  figures: FiguresReader;
  now: () => Instant;
}

const DEFAULT_DAYS = 28;

/** Which days, where. */
export const scopeFields = {
  from: figuresDay.optional().meta({
    description: 'First business date; without it, 28 days up to `to`.',
    examples: ['2026-10-01'],
  }),
  to: figuresDay.optional().meta({
    description: 'Last business date, at most a year after `from`; without it, today.',
    examples: ['2026-10-31'],
  }),
  storeId: idSchema('sto').optional().meta({ description: 'Only what happened there.' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .meta({ description: 'Counts money of this currency; without it, the business’s own.' }),
};

export const periodSchema = z
  .object({ from: z.iso.date(), to: z.iso.date() })
  .meta({ id: 'Period', description: 'Business dates, both included.' });

/** What stands at the head of each answer. */
export const scopeSchema = {
  period: periodSchema,
  previousPeriod: periodSchema.meta({ description: 'As many days, right before.' }),
  zone: z.string().meta({
    description: 'The business’s. Each day and hour is as the store’s own clock had it.',
  }),
  currency: z.string(),
  storeId: z.string().nullable(),
};

type ScopeQuery = z.output<z.ZodObject<typeof scopeFields>>;

interface AnalyticsScope {
  current: Scope;
  previous: Scope;
  head: { [Name in keyof typeof scopeSchema]: z.output<(typeof scopeSchema)[Name]> };
}

/**
 * What a question is about: its days, the days before, and the stores that whoever asks answers for.
 * @throws Problem `malformed-query` for a period longer than a year, or one that runs backwards
 */
async function readScope(
  { figures, now }: AnalyticsDependencies,
  query: ScopeQuery,
  principal: PosPrincipal | StaffPrincipal,
): Promise<AnalyticsScope> {
  const { businessId } = principal;
  const business = await figures.findBusiness(businessId);
  if (!business) throw new Problem('not-found');
  const period = readPeriod(query, localDate(now(), business.zone));
  const own = storesOf(principal);
  const { storeId } = query;
  // Somebody else's store has nothing to show, as one that does not exist.
  const named = storeId && own && !own.includes(storeId) ? [] : storeId ? [storeId] : own;
  const currency = query.currency ?? business.currency;
  const scope = { businessId, storeIds: named, currency };
  const previousPeriod = periodBefore(period);
  return {
    current: { ...scope, ...period },
    previous: { ...scope, ...previousPeriod },
    head: { period, previousPeriod, zone: business.zone, currency, storeId: storeId ?? null },
  };
}

function readPeriod(query: Pick<ScopeQuery, 'from' | 'to'>, today: string): Period {
  const to = query.to ?? (query.from && query.from > today ? query.from : today);
  const from = query.from ?? plusDays(to, 1 - DEFAULT_DAYS);
  const days = daysIn({ from, to });
  if (days >= 1 && days <= LONGEST_PERIOD_DAYS) return { from, to };
  const detail = 'to must not lie before from, nor more than a year after it.';
  throw new Problem('malformed-query', {
    detail,
    errors: [{ pointer: '/to', code: 'out-of-range', detail }],
  });
}

/** What a question is answered with: JSON, or the rows of a table. */
interface Answer {
  json: object;
  table: () => Table;
}

/**
 * A route that answers a question about the figures of a period, with JSON or, where that is asked for,
 * with CSV.
 */
export function figuresRoute<Query extends z.ZodObject>(
  deps: AnalyticsDependencies,
  route: {
    name: string;
    path: string;
    summary: string;
    description: string;
    /** More to say behind the hint that there is CSV. */
    details?: string;
    /** Of `scopeFields` and whatever else can be said. */
    query: Query;
    schema: z.ZodType;
    answer: (scope: AnalyticsScope, query: z.output<Query>) => Promise<Answer>;
  },
): Route {
  const { description, details = '', schema, answer, ...told } = route;
  return defineRoute({
    ...told,
    method: 'get',
    tag: 'Admin',
    description: `${description} With \`Accept: text/csv\` the same as a file.${details}`,
    scope: 'analytics:read',
    responses: { 200: { description: 'The figures.', schema, contentType: 'text/csv' } },
    async handle({ query, principal, headers }) {
      const scope = await readScope(deps, query as ScopeQuery, principal);
      const { json, table } = await answer(scope, query as z.output<Query>);
      return wantsCsv(headers) ? tableReply(table()) : { status: 200, body: json };
    },
  });
}

function tableReply({ name, columns, rows }: Table): Reply {
  async function* pages() {
    yield rows;
  }
  return csvReply(`${name}.csv`, columns, pages());
}
