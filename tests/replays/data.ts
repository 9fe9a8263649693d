import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { MINUTE_MS, offsetMinutes } from '../../domain/values/time.ts';

/** Beside the checkout: no licence lets all of it travel with the product. */
export const usualDataDir = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/** Whether a replay's folder is there. */
export function hasData(dataDir: string, folder: string): boolean {
  return existsSync(join(dataDir, folder, 'truth.json'));
}

/** A table with a header, gzipped or not; every field is text. */
export function readTable<Row extends Record<string, string>>(...path: readonly string[]): Row[] {
  const file = join(...path);
  const bytes = readFileSync(file);
  return parse<Row>(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true });
}

/** What was counted from the data by others: the figures that a replay must meet. */
export function readTruth(dataDir: string, folder: string): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(join(dataDir, folder, 'truth.json'), 'utf8')) as Record<
    string,
    number
  >;
}

/** A local time (`2024-03-01 10:15:50.520`) as RFC 3339 with the zone's offset of that moment. */
export function inZone(local: string, zone: string): string {
  const text = local.replace(' ', 'T');
  const asIfUtc = Date.parse(`${text}Z`);
  const near = asIfUtc - offsetMinutes(asIfUtc, zone) * MINUTE_MS;
  const minutes = offsetMinutes(near, zone);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${text}${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
