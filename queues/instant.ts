import { z } from 'zod';
import { parseInstant } from '../domain/values/time.ts';

/** A moment as clients send it: RFC 3339 with its offset. */
export const instant = z
  .string()
  .max(40)
  .refine((value) => !Number.isNaN(parseInstant(value)), {
    error: 'must be an RFC 3339 date-time with an offset',
  })
  .meta({ format: 'date-time' });
