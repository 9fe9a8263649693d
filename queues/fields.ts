import { z } from 'zod';
import { isCurrency } from '../domain/values/money.ts';
import { isTimeZone, parseInstant } from '../domain/values/time.ts';
import { idSchema } from './id-schema.ts';

/** Fields that many bodies have. */

export const zone = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'must be an IANA time zone' })
  .meta({ examples: ['Europe/Lisbon'] });

export const currency = z
  .string()
  .length(3)
  .refine(isCurrency, { error: 'must be an ISO 4217 code' })
  .meta({ examples: ['EUR'] });

/** A moment as clients send it: RFC 3339 with its offset. */
export const instant = z
  .string()
  .max(40)
  .refine((value) => !Number.isNaN(parseInstant(value)), {
    error: 'must be an RFC 3339 date-time with an offset',
  })
  .meta({ format: 'date-time' });

/** Named stores, or all there are. */
export const storeIds = z
  .array(idSchema('sto'))
  .min(1)
  .max(500)
  .nullable()
  .meta({ description: 'null for every store, those to come included.' });

const EARLIEST_DAY = '1970-01-01';

/** A business date that figures are asked for: before it, and before the period before, there is a year. */
export const figuresDay = z.iso.date().refine((day) => day >= EARLIEST_DAY, {
  error: `must not lie before ${EARLIEST_DAY}`,
});
