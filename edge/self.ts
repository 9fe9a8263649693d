import { z } from 'zod';
import type { BusinessId } from '../domain/values/ids.ts';
import { type CustomerRecord, customerSchema } from './customer-directory.ts';

/** A customer as they see themselves: what the shop sorts them by is the shop's. */
export const meSchema = customerSchema
  .omit({ externalIds: true, tags: true, mergedInto: true, erasedAt: true })
  .extend({ businessId: z.string() })
  .meta({ id: 'Me' });

/** What a customer sees of their own record. */
export function presentMe(
  businessId: BusinessId,
  record: CustomerRecord,
): z.output<typeof meSchema> {
  const { id, phone, email, name, birthday, locale, consents, createdAt, updatedAt } = record;
  return { id, businessId, phone, email, name, birthday, locale, consents, createdAt, updatedAt };
}
