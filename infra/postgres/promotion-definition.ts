import { z } from 'zod';
import type { Edition } from '../../domain/promotions/promotion.ts';
import { promotionDefinitionSchema } from '../../queues/promotion-definition.ts';

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const editionSchema = z.strictObject({
  from: instant,
  to: instant.nullable(),
  definition: promotionDefinitionSchema,
});

/** An edition as `loyalty.promotions.editions` holds it. */
export function parseEdition(stored: unknown): Edition {
  return z.parse(editionSchema, stored);
}

/** The same, to be stored. */
export function storeEdition({ from, to, definition }: Edition): object {
  return {
    from: new Date(from).toISOString(),
    to: to === null ? null : new Date(to).toISOString(),
    definition,
  };
}
