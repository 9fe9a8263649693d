import type { Readable } from 'node:stream';
import type { Delimiter } from '../../domain/imports/header.ts';

/** A record, or why there is none: a stray quote spoils one record and not the file. */
export type CsvRecord = { cells: string[] } | { error: string };

/** Longer than this and a quote was not closed: the rest of the file is not one cell. */
const MAX_RECORD_CHARACTERS = 20_000;

/**
 * The records of a CSV file (RFC 4180; UTF-8, with or without a byte order mark), one after the
 * other as they arrive. Records may be of different lengths. The parser is loaded by the first use:
 * a process that reads no file does not pay for it.
 */
export async function* readCsv(
  content: AsyncIterable<Uint8Array>,
  { delimiter }: { delimiter: Delimiter },
): AsyncGenerator<CsvRecord> {
  const { parse } = await import('csv-parse');
  let skipped: string[] = [];
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    trim: true,
  });
  parser.on('skip', (error: Error | undefined) => skipped.push(error?.message ?? 'unreadable'));
  const { Readable: Source } = await import('node:stream');
  const source: Readable = Source.from(content);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  for await (const cells of parser as AsyncIterable<string[]>) {
    for (const error of skipped) yield { error };
    skipped = [];
    yield { cells };
  }
  for (const error of skipped) yield { error };
}
