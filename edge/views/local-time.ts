import { z } from 'zod';
import { type Instant, MINUTE_MS, offsetMinutes } from '../../domain/values/time.ts';

/** A moment as somebody on the spot read it off a clock. */
export const localTimeSchema = z
  .object({
    at: z.string().meta({ description: 'RFC 3339 with the zone’s offset.' }),
    zone: z.string().meta({ description: 'IANA zone.' }),
  })
  .meta({ id: 'LocalTime' });

/** A moment with the offset that a zone's clocks had then: `2026-07-01T09:30:00.000+01:00`. */
export function localTime(instant: Instant, zone: string): z.output<typeof localTimeSchema> {
  const minutes = offsetMinutes(instant, zone);
  const local = new Date(instant + minutes * MINUTE_MS).toISOString().slice(0, -1);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
  return { at: local + offset, zone };
}
