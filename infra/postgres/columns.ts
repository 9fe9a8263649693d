import type { Id, IdKind } from '../../domain/values/ids.ts';
import { writeIdBytes } from '../../domain/values/typeid.ts';

/*
 * Columns of a large batch: arrays in PostgreSQL's binary format (`array_recv`), which pg sends as they
 * are. PostgreSQL copies them in half the time that it takes to read arrays as text, and nothing has to be
 * escaped, which JSON documents within arrays are full of.
 */

type Column<Value> = readonly (Value | null)[];

/** Object ids of the types; https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const [UUID, TEXT, JSON_DOCUMENT] = [2_950, 25, 114];
const UUID_BYTES = 16;
const HEADER_BYTES = 20;
const MAX_BYTES_PER_UNIT = 3;

/** Grows with the largest column. */
let out = Buffer.allocUnsafe(65_536);

/** A `uuid[]` of ids. */
export function idColumn(ids: Column<Id<IdKind>>): Buffer {
  return column(UUID, ids, (id, at) => {
    reserve(at + UUID_BYTES);
    writeIdBytes(id, out, at);
    return UUID_BYTES;
  });
}

/** A `text[]`. */
export function textColumn(texts: Column<string>): Buffer {
  return column(TEXT, texts, writeText);
}

/** A `json[]`. */
export function jsonColumn(values: Column<object>): Buffer {
  return column(JSON_DOCUMENT, values, (value, at) => writeText(JSON.stringify(value), at));
}

/** @param write writes a value into `out`; returns how many bytes it has */
function column<Value>(
  type: number,
  values: Column<Value>,
  write: (value: Value, at: number) => number,
): Buffer {
  const isEmpty = values.length === 0;
  let at = HEADER_BYTES;
  for (const value of values) {
    reserve(at + 4);
    const bytes = value === null ? -1 : write(value, at + 4);
    out.writeInt32BE(bytes, at);
    at += 4 + Math.max(bytes, 0);
  }
  out.writeInt32BE(isEmpty ? 0 : 1, 0); // dimensions
  out.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  out.writeInt32BE(type, 8);
  out.writeInt32BE(values.length, 12);
  out.writeInt32BE(1, 16); // the first one's index
  return Buffer.from(out.subarray(0, isEmpty ? 12 : at));
}

function writeText(text: string, at: number): number {
  reserve(at + text.length * MAX_BYTES_PER_UNIT);
  return out.write(text, at);
}

function reserve(bytes: number): void {
  if (bytes <= out.length) return;
  const before = out;
  out = Buffer.allocUnsafe(2 * bytes);
  before.copy(out);
}
