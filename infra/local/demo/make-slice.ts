/**
 * `node infra/local/demo/make-slice.ts DIR`: makes the demo's slice from `lines.csv.gz` and
 * `countries.csv` in DIR, an export of UCI Online Retail. What it keeps is told in SOURCES.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { MINUTE_MS, offsetMinutes } from '../../../domain/values/time.ts';
import { type SliceSale, sliceFile } from './slice.ts';

type SourceLine = {
  readonly invoice: string;
  readonly stock_code: string;
  readonly quantity: string;
  /** Local, to the minute. */
  readonly invoice_datetime: string;
  readonly unit_price_milli: string;
  readonly customer: string;
  readonly country: string;
};

const COUNTRY = 'United Kingdom';
const ZONE = 'Europe/London';
const SALES = 2_000;
// The shop sells to resellers too; these are the baskets of a shop's counter.
const MAX_LINES = 15;
const MAX_TOTAL_PENCE = 50_000;
const MILLI_PER_PENNY = 10;

function main([dir]: readonly string[]): void {
  if (dir === undefined) throw new Error('Usage: make-slice.ts DIR');
  const country = readCsv<{ country: string; name: string }>(join(dir, 'countries.csv')).find(
    ({ name }) => name === COUNTRY,
  )?.country;
  const lines = readCsv<SourceLine>(join(dir, 'lines.csv.gz'));
  const sales = toSales(lines.filter((line) => line.country === country && isSold(line)))
    .filter(isSmall)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.invoice.localeCompare(b.invoice))
    .slice(0, SALES);
  const text = sales.map((sale) => `${JSON.stringify(sale)}\n`).join('');
  const file = gzipSync(text, { level: 9 });
  writeFileSync(sliceFile, file);
  console.log(
    `${sales.length} sales, ${file.length} bytes: ${sales[0]?.at} to ${sales.at(-1)?.at}`,
  );
}

function readCsv<Row>(file: string): Row[] {
  const bytes = readFileSync(file);
  return parse<Row>(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true });
}

/** Leaves out cancellations (C…), adjustments (A…), unknown customers and odd prices. */
function isSold(line: SourceLine): boolean {
  const priceMilli = Number(line.unit_price_milli);
  return (
    /^\d/.test(line.invoice) &&
    line.customer !== '' &&
    Number(line.quantity) > 0 &&
    priceMilli > 0 &&
    priceMilli % MILLI_PER_PENNY === 0
  );
}

function toSales(lines: readonly SourceLine[]): SliceSale[] {
  const byInvoice = Map.groupBy(lines, (line) => line.invoice);
  return [...byInvoice.values()].flatMap((lines) => {
    const [first] = lines;
    if (first === undefined) return [];
    return {
      invoice: first.invoice,
      at: inLondon(first.invoice_datetime),
      customer: first.customer,
      lines: lines.map((line): SliceSale['lines'][number] => [
        line.stock_code,
        Number(line.quantity),
        Number(line.unit_price_milli) / MILLI_PER_PENNY,
      ]),
    };
  });
}

function isSmall({ lines }: SliceSale): boolean {
  const total = lines.reduce((sum, [, quantity, pence]) => sum + quantity * pence, 0);
  return lines.length <= MAX_LINES && total <= MAX_TOTAL_PENCE;
}

/** `2011-04-01 08:26` as RFC 3339. No sale lies near a change of clocks (2 o'clock on a Sunday). */
function inLondon(local: string): string {
  const text = `${local.replace(' ', 'T')}:00`;
  const minutes = offsetMinutes(Date.parse(`${text}Z`) - 60 * MINUTE_MS, ZONE);
  return `${text}+0${minutes / 60}:00`;
}

main(process.argv.slice(2));
