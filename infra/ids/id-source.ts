import { randomFillSync } from 'node:crypto';
import type { IdSource } from '../../domain/values/ids.ts';
import { idOfBytes } from '../../domain/values/typeid.ts';

const CODE_BYTES = 16;

/** Real ids (UUIDv7, so that new rows land together in an index) and 128-bit random codes. */
export const idSource: IdSource = {
  id: (kind) => idOfBytes(kind, nextUuid()),
  code: () => {
    const from = draw(CODE_BYTES);
    return random.toString('base64url', from, from + CODE_BYTES);
  },
};

const uuid = new Uint8Array(16);
/** Drawn many at a time: a call for each code would cost more than the code. */
const random = Buffer.alloc(4_096);
let used = random.length;
let milliseconds = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562, section 5.7) of 62 random bits. Its 12 bits of `rand_a` count within a millisecond
 * (section 6.2, method 1), so that ids of one process are in the order in which they were made. Node's
 * own `randomUUIDv7` does not promise that.
 */
function nextUuid(): Uint8Array {
  const now = Date.now();
  if (now > milliseconds) [milliseconds, counter] = [now, 0];
  else if (counter < 0xfff) counter += 1;
  else [milliseconds, counter] = [milliseconds + 1, 0];
  const from = draw(8);
  for (let i = 0; i < 8; i += 1) uuid[8 + i] = random[from + i] ?? 0;
  const high = Math.floor(milliseconds / 0x10000);
  uuid[0] = high >>> 24;
  uuid[1] = high >>> 16;
  uuid[2] = high >>> 8;
  uuid[3] = high;
  uuid[4] = milliseconds >>> 8;
  uuid[5] = milliseconds;
  uuid[6] = 0x70 | (counter >>> 8);
  uuid[7] = counter;
  uuid[8] = 0x80 | ((uuid[8] ?? 0) & 0x3f);
  return uuid;
}

/** Random bytes nobody had: where they begin in `random`. */
function draw(bytes: number): number {
  if (used + bytes > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += bytes;
  return used - bytes;
}
