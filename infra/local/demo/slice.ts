import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A real sale of the slice (see SOURCES.md); one JSON object a line in the file. */
export type SliceSale = {
  /** The shop's own invoice number. */
  readonly invoice: string;
  /** RFC 3339 with London's offset of the day. */
  readonly at: string;
  readonly customer: string;
  readonly lines: readonly (readonly [sku: string, quantity: number, unitPence: number])[];
};

export const sliceFile = join(import.meta.dirname, 'online-retail.ndjson.gz');

/** Reads the slice that comes with the product, in the order in which it was sold. */
export function readSlice(): SliceSale[] {
  const text = gunzipSync(readFileSync(sliceFile)).toString('utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SliceSale);
}
