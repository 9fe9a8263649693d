import type { Id, IdKind } from './ids.ts';

/*
 * TypeID's text of 128 bits: 26 digits of Crockford's base32, lower case, the first of them of 3 bits
 * (https://github.com/jetify-com/typeid/tree/main/spec). Every purchase makes five ids and converts each
 * as often; one look-up a digit into a buffer, without a string in between, is a quarter of the CPU of the
 * typeid-js package, which the tests compare it with.
 */
const DIGITS = 26;
const toDigit = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz', 'latin1');
const toHex = Buffer.from('0123456789abcdef', 'latin1');
const ofDigit = valuesOf(toDigit);
const ofHex = valuesOf(toHex);
const HYPHEN = '-'.charCodeAt(0);

const idBytes = new Uint8Array(16);
const uuidText = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');
const idText = Buffer.from(`knd_${'0'.repeat(DIGITS)}`, 'latin1');

/** Writes an id's 16 bytes. @throws RangeError for what is no id (see `idPattern`) */
export function writeIdBytes(id: Id<IdKind>, into: Uint8Array, at: number): void {
  const first = id.indexOf('_') + 1;
  if (id.length - first !== DIGITS) throw new RangeError(`${id} is no id`);
  let held = 0;
  // The first digit brings two bits that have no place.
  let bits = -2;
  let place = at;
  for (let i = first; i < id.length; i += 1) {
    const value = ofDigit[id.charCodeAt(i)] ?? -1;
    if (value < 0 || (i === first && value > 7)) throw new RangeError(`${id} is no id`);
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    into[place] = (held >> bits) & 0xff;
    place += 1;
  }
}

/** An id's 128 bits as the text of a uuid. @throws RangeError for what is no id (see `idPattern`) */
export function uuidOfId(id: Id<IdKind>): string {
  writeIdBytes(id, idBytes, 0);
  let place = 0;
  for (let i = 0; i < 16; i += 1) {
    const byte = idBytes[i] ?? 0;
    if (uuidText[place] === HYPHEN) place += 1;
    uuidText[place] = toHex[byte >> 4] ?? 0;
    uuidText[place + 1] = toHex[byte & 15] ?? 0;
    place += 2;
  }
  return uuidText.toString('latin1');
}

/** The id of a kind that has a uuid's bits. */
export function idOfUuid<K extends IdKind>(kind: K, uuid: string): Id<K> {
  let held = 0;
  let bits = 2;
  let place = beginId(kind);
  for (let i = 0; i < uuid.length; i += 1) {
    const value = ofHex[uuid.charCodeAt(i)] ?? -1;
    if (value < 0) continue;
    held = ((held << 4) | value) & 0xff;
    bits += 4;
    if (bits < 5) continue;
    bits -= 5;
    idText[place] = toDigit[(held >> bits) & 31] ?? 0;
    place += 1;
  }
  return idText.toString('latin1') as Id<K>;
}

/** The id of a kind that has these 16 bytes. */
export function idOfBytes<K extends IdKind>(kind: K, bytes: Uint8Array): Id<K> {
  let held = 0;
  let bits = 2;
  let place = beginId(kind);
  for (let i = 0; i < 16; i += 1) {
    held = ((held << 8) | (bytes[i] ?? 0)) & 0xffff;
    for (bits += 8; bits >= 5;) {
      bits -= 5;
      idText[place] = toDigit[(held >> bits) & 31] ?? 0;
      place += 1;
    }
  }
  return idText.toString('latin1') as Id<K>;
}

/** @returns where the digits begin */
function beginId(kind: IdKind): number {
  if (kind.length !== 3) throw new RangeError(`${kind} has not three letters`);
  for (let i = 0; i < 3; i += 1) idText[i] = kind.charCodeAt(i);
  return 4;
}

function valuesOf(alphabet: Uint8Array): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (const [value, character] of alphabet.entries()) values[character] = value;
  return values;
}
