import type { Id, IdKind } from '../../domain/values/ids.ts';

// One purchase reads and writes its business, card and transaction ids a dozen times; converting
// each time was 9 % of a worker's work. What is old is not asked for again, so the cache is small.
const MAX_CACHED = 10_000;
const uuidById = new Map<string, string>();
const idByUuid = new Map<string, string>();

/**
 * The database keeps ids as 16-byte uuids; everything else sees them with their kind. Any 128 bits
 * will do: an id that a client made up must find nothing, and not break the batch it is in.
 * @throws RangeError for what is no id at all (see `idPattern`)
 */
export function toUuid(id: Id<IdKind>): string {
  return uuidById.get(id) ?? remember(id, decode(id)).uuid;
}

/** The id that a uuid column of the given kind holds. */
export function fromUuid<K extends IdKind>(kind: K, uuid: string): Id<K> {
  const known = idByUuid.get(uuid);
  if (known?.startsWith(kind)) return known as Id<K>;
  return remember(`${kind}_${encode(uuid)}`, uuid).id as Id<K>;
}

function remember(id: string, uuid: string): { id: string; uuid: string } {
  if (uuidById.size >= MAX_CACHED) {
    uuidById.clear();
    idByUuid.clear();
  }
  uuidById.set(id, uuid);
  idByUuid.set(uuid, id);
  return { id, uuid };
}

// TypeID's base32 (Crockford's, lower case): 26 digits of 5 bits, the first of 3, make 128.
const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
const DIGITS = 26;

function decode(id: string): string {
  const digits = id.slice(id.indexOf('_') + 1);
  let hex = '';
  let held = 0;
  let bits = -2;
  for (const digit of digits) {
    const value = BASE32.indexOf(digit);
    if (value < 0) throw new RangeError(`${id} is no id`);
    held = (held << 5) | value;
    for (bits += 5; bits >= 4; held &= (1 << bits) - 1) {
      bits -= 4;
      hex += (held >> bits).toString(16);
    }
  }
  if (digits.length !== DIGITS || hex.length !== 32) throw new RangeError(`${id} is no id`);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

function encode(uuid: string): string {
  let digits = '';
  let held = 0;
  let bits = 2;
  for (const digit of uuid.replaceAll('-', '')) {
    held = (held << 4) | Number.parseInt(digit, 16);
    for (bits += 4; bits >= 5; held &= (1 << bits) - 1) {
      bits -= 5;
      digits += BASE32[held >> bits];
    }
  }
  return digits;
}
