import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Delimiter, readHeader } from '../domain/imports/header.ts';
import { Problem } from './problems.ts';
import type { IncomingFile } from './route.ts';

export const MAX_FILE_BYTES = 64 * 1_048_576;
export const MAX_FILE_ROWS = 500_000;
/** A header is not longer than this. */
const MAX_HEADER_BYTES = 64 * 1_024;

/** A CSV file that has arrived whole, on this machine's disk until it is dropped. */
export interface CsvUpload {
  sha256: string;
  bytes: number;
  /** Line breaks outside of quotes: about how many rows there are. */
  rows: number;
  header: string[];
  delimiter: Delimiter;
  content(): AsyncIterable<Buffer>;
  drop(): Promise<void>;
}

/**
 * Takes in a CSV file on its way to the file store: whatever its size, a few kilobytes of memory. It
 * stays on disk until its hash is known, because the hash is what makes the same file the same import.
 * @throws Problem `unsupported-media-type` for anything but CSV in UTF-8, `payload-too-large` for more
 *   than 64 MB or 500,000 rows, `file-malformed` for one without a header
 */
export async function receiveCsv(file: IncomingFile): Promise<CsvUpload> {
  if (!isCsvInUtf8(file.contentType)) throw unsupported('Send it as text/csv.');
  const path = join(tmpdir(), `regulars-upload-${randomUUID()}.csv`);
  const drop = () => rm(path, { force: true });
  const disk = await open(path, 'wx', 0o600);
  const reading = new CsvReading();
  try {
    // Not destroyed when it is refused half-way: the client must hear why.
    const chunks: AsyncIterable<Buffer> = file.content.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      reading.take(chunk);
      await disk.write(chunk);
    }
    const { header, ...facts } = reading.end();
    const { cells, delimiter } = header;
    return { ...facts, header: cells, delimiter, content: () => createReadStream(path), drop };
  } catch (error) {
    file.content.resume();
    await drop();
    throw error;
  } finally {
    await disk.close();
  }
}

/** What is found out about a file while it passes. */
class CsvReading {
  readonly #hash = createHash('sha256');
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #bytes = 0;
  #rows = 0;
  #isQuoted = false;
  #isAtLineStart = true;
  #start = '';

  take(chunk: Buffer): void {
    if (this.#bytes === 0 && isUtf16(chunk))
      throw unsupported('UTF-16 is not taken: save it as UTF-8.');
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_FILE_BYTES) throw tooLarge(`At most ${MAX_FILE_BYTES / 1_048_576} MB.`);
    this.#hash.update(chunk);
    const text = this.#decode(chunk, { stream: true });
    if (this.#start.length < MAX_HEADER_BYTES) this.#start += text.slice(0, MAX_HEADER_BYTES);
    this.#countRows(chunk);
  }

  end() {
    this.#decode(Buffer.alloc(0), { stream: false });
    const isWhole = this.#bytes <= MAX_HEADER_BYTES;
    const header = readHeader(this.#start, { isWhole });
    if (!header || header.cells.every((cell) => cell === '')) {
      throw new Problem('file-malformed', { detail: 'The first row must name the columns.' });
    }
    const rows = Math.max(0, this.#rows + (this.#isAtLineStart ? 0 : 1) - 1);
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes, rows, header };
  }

  #decode(chunk: Buffer, options: { stream: boolean }): string {
    try {
      return this.#decoder.decode(chunk, options);
    } catch {
      throw unsupported('It holds what is not UTF-8: save it as UTF-8.');
    }
  }

  #countRows(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      if (byte === LINE_FEED && !this.#isQuoted) {
        this.#rows += 1;
        this.#isAtLineStart = true;
      } else this.#isAtLineStart = false;
    }
    if (this.#rows > MAX_FILE_ROWS + 1) throw tooLarge(`At most ${MAX_FILE_ROWS} rows.`);
  }
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** By its byte order mark, or by a NUL where a letter would be. */
function isUtf16(start: Buffer): boolean {
  const [a, b] = start;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0;
}

function isCsvInUtf8(contentType: string | undefined): boolean {
  if (!/^text\/csv\s*(;|$)/i.test(contentType ?? '')) return false;
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

const unsupported = (detail: string) => new Problem('unsupported-media-type', { detail });
const tooLarge = (detail: string) => new Problem('payload-too-large', { detail });
