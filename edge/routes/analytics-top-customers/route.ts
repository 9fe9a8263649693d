import { z } from 'zod';
import { TOP_BY } from '../../../domain/analytics/readings.ts';
import { topCustomersTable, withRanks } from '../../../domain/analytics/tables.ts';
import {
  type AnalyticsDependencies,
  figuresRoute,
  scopeFields,
  scopeSchema,
} from '../../analytics.ts';

const customerSchema = z
  .object({
    customerId: z.string(),
    name: z.string().nullable(),
    visits: z.int(),
    grossSales: z.int().meta({ description: 'Minor units.' }),
    netSales: z.int().meta({ description: 'Less what was refunded on these dates.' }),
    lastVisit: z.iso.date().nullable(),
    previousRank: z.int().nullable().meta({
      description: 'Where they stood in the period before; null where not among the first 100.',
    }),
  })
  .meta({ id: 'TopCustomer' });

const MOST = 100;

/** `GET /v1/admin/analytics/top-customers`: who spent most, or came most. */
export function analyticsTopCustomersRoute(deps: AnalyticsDependencies) {
  return figuresRoute(deps, {
    name: 'analytics-top-customers',
    path: '/v1/admin/analytics/top-customers',
    summary: 'The best customers of a period',
    description:
      'By net sales or by visits; of equals, whoever has been known longest comes first. Merged ' +
      'customers are one; who was erased is left out.',
    query: z.strictObject({
      ...scopeFields,
      by: z.enum(TOP_BY).default('net'),
      limit: z.coerce.number().int().min(1).max(MOST).default(20),
    }),
    schema: z
      .object({ ...scopeSchema, by: z.enum(TOP_BY), customers: z.array(customerSchema) })
      .meta({ id: 'AnalyticsTopCustomers' }),
    async answer({ current, previous, head }, query) {
      const { by, limit } = query;
      const [now, before] = await Promise.all([
        deps.figures.topCustomers(current, { by, limit }),
        deps.figures.topCustomers(previous, { by, limit: MOST }),
      ]);
      const ranked = withRanks(now, before);
      const customers = ranked.map(({ gross, net, ...customer }) => ({
        ...customer,
        grossSales: gross,
        netSales: net,
      }));
      return {
        json: { ...head, by, customers },
        table: () => topCustomersTable(ranked, { withNames: true }),
      };
    },
  });
}
