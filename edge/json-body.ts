import { isUtf8 } from 'node:buffer';
import { Problem } from './problems.ts';

/** Deeper than any body of ours, and far from what would exhaust a stack. */
const MAX_DEPTH = 32;
/** A number that is written longer than this says nothing that a shorter one could not. */
const MAX_NUMBER_LENGTH = 40;
/** Integers of so many digits are held exactly, whatever they are. */
const SAFE_DIGITS = 15;

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Reads a body as JSON, more strictly than `JSON.parse`, which keeps the last of two equal keys,
 * rounds what it cannot hold and takes half a surrogate pair. Numbers and texts that cannot be kept
 * as they were written become NaN, which no schema takes and JSON cannot say: so the client is told
 * where, and one bad sale of a batch leaves the others be.
 * @throws Problem `malformed-json` for what is no JSON in UTF-8, for a key that stands twice in one
 *   object, for more than 32 levels, and for a body that is neither object nor list;
 *   `body-required` for no bytes at all
 */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Problem('body-required');
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const value = parse(text);
  if (typeof value !== 'object' || value === null) {
    throw malformed('The body must be a JSON object.');
  }
  return isFaithful(text) ? value : parse(text, markUnfaithful);
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

function parse(text: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(text, reviver as (this: unknown, key: string, value: unknown) => unknown);
  } catch {
    throw new Problem('malformed-json');
  }
}

/** Given its source, as only the second reading is: it costs several times what the first does. */
function markUnfaithful(key: string, value: unknown, { source }: { source?: string }): unknown {
  if (!isStorable(key)) return Number.NaN;
  if (typeof value === 'string') return isStorable(value) ? value : Number.NaN;
  if (typeof value !== 'number' || source === undefined) return value;
  return isExact(source) ? value : Number.NaN;
}

/**
 * Walks over JSON that has been parsed, so it is known to be well-formed: once over its characters,
 * without making anything of them but the keys. About 2 µs for a sale.
 * @returns whether every number and text in it was held as it was written
 */
function isFaithful(text: string): boolean {
  const hasEscapes = text.includes('\\');
  /** Of each object or list around, outermost first; a list has no keys. */
  const around: (Set<string> | undefined)[] = [];
  let keys: Set<string> | undefined;
  let isKey = false;
  let faithful = true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = hasEscapes ? closingQuote(text, at) : text.indexOf('"', at + 1);
      const raw = text.slice(at + 1, end);
      const isEscaped = hasEscapes && raw.includes('\\');
      const string = isEscaped ? (JSON.parse(`"${raw}"`) as string) : raw;
      if (isEscaped && !isStorable(string)) faithful = false;
      if (isKey && keys) {
        if (keys.has(string)) throw malformed(`A key stands twice in one object, at ${at}.`);
        keys.add(string);
        isKey = false;
      }
      at = end;
    } else if (code === COMMA) {
      isKey = keys !== undefined;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      if (!isPlain(text, at, end) && !isExact(text.slice(at, end))) faithful = false;
      at = end - 1;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      keys = code === OPEN_OBJECT ? new Set() : undefined;
      isKey = keys !== undefined;
      if (around.push(keys) > MAX_DEPTH) {
        throw malformed(`The body is nested more than ${MAX_DEPTH} levels deep.`);
      }
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      around.pop();
      keys = around.at(-1);
    }
  }
  return faithful;
}

/** Where the text that begins at `start` ends: at the first quote that no backslash escapes. */
function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscapedAt(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscapedAt(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && isOfNumber(text.charCodeAt(end))) end += 1;
  return end;
}

/** Digits, `+`, `-`, `.`, `e` and `E`; a comma ends a number. */
function isOfNumber(code: number): boolean {
  if (code >= ZERO && code <= NINE) return true;
  return code === 43 || code === MINUS || code === 46 || code === 69 || code === 101;
}

/** Whether it is an integer short enough to be exact whatever it is: what nearly every number is. */
function isPlain(text: string, start: number, end: number): boolean {
  if (end - start > SAFE_DIGITS || text.charCodeAt(start) === MINUS) return false;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}

/** Whether a number is held as it is written: not beyond 2^53, not rounded, and not minus zero. */
function isExact(source: string): boolean {
  const value = Number(source);
  if (source.length > MAX_NUMBER_LENGTH || !Number.isFinite(value) || Object.is(value, -0)) {
    return false;
  }
  return canonical(source) === canonical(String(value));
}

/** A number's digits and exponent, however it is written: 1.50e1 and 15.0 are both `15e0`. */
function canonical(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${scale}`;
}

/** Well-formed Unicode without NUL, which PostgreSQL has no way to keep. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function malformed(detail: string): Problem {
  return new Problem('malformed-json', { detail });
}
