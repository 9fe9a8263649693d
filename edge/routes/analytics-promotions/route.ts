import { z } from 'zod';
import { associate, ASSOCIATION_DEFINITION } from '../../../domain/analytics/association.ts';
import type { PromotionUse } from '../../../domain/analytics/readings.ts';
import { promotionTable } from '../../../domain/analytics/tables.ts';
import { presentAmount } from '../../../domain/values/units.ts';
import {
  type AnalyticsDependencies,
  figuresRoute,
  scopeFields,
  scopeSchema,
} from '../../analytics.ts';
import { presentedAmount } from '../../schemas.ts';

const minor = z.int().nullable().meta({ description: 'Minor units.' });

const promotionSchema = z
  .object({
    promotionId: z.string(),
    name: z.string(),
    programId: z.string(),
    uses: z.int().meta({ description: 'Sales on which it gave something, less those refunded.' }),
    given: presentedAmount,
    averageWith: minor,
    averageWithout: minor,
    association: z.number().nullable().meta({
      description: 'How much more a sale with it came to, as a share. Not what it brought.',
    }),
    previousUses: z.int(),
    previousGiven: presentedAmount,
  })
  .meta({ id: 'PromotionFigures' });

/** `GET /v1/admin/analytics/promotions`: what promotions gave, and what went with them. */
export function analyticsPromotionsRoute(deps: AnalyticsDependencies) {
  return figuresRoute(deps, {
    name: 'analytics-promotions',
    path: '/v1/admin/analytics/promotions',
    summary: 'What promotions gave, and what was spent with and without them',
    description: `Association: ${ASSOCIATION_DEFINITION}`,
    query: z.strictObject(scopeFields),
    schema: z
      .object({
        ...scopeSchema,
        definition: z.string(),
        promotions: z.array(promotionSchema),
      })
      .meta({ id: 'AnalyticsPromotions' }),
    async answer({ current, previous, head }) {
      const [now, before] = await Promise.all([
        deps.figures.promotions(current),
        deps.figures.promotions(previous),
      ]);
      const earlier = new Map(before.map((use) => [use.promotionId, use]));
      const promotions = now.map((use) => toView(use, earlier.get(use.promotionId)));
      return {
        json: { ...head, definition: ASSOCIATION_DEFINITION, promotions },
        table: () => promotionTable({ current: now, previous: before }),
      };
    },
  });
}

function toView(
  use: PromotionUse,
  before: PromotionUse | undefined,
): z.output<typeof promotionSchema> {
  const { averageWith, averageWithout, association } = associate(use);
  return {
    promotionId: use.promotionId,
    name: use.name,
    programId: use.programId,
    uses: use.uses,
    given: presentAmount(use.given, use.unit),
    averageWith,
    averageWithout,
    association,
    previousUses: before?.uses ?? 0,
    previousGiven: presentAmount(before?.given ?? 0, use.unit),
  };
}
