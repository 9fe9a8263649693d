/** Crockford's base32: no I, L, O and U, which people take for something else. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of base64url, as codes are written (RFC 4648 §5). */
const CODE_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** What of a card's code its short code stands for: 42 of its 128 bits. */
const LENGTH_OF_BEGINNING = 7;
const SHORT_LENGTH = 9;
const GROUP = 3;
/** A prime: a wrong digit, or two that were swapped, change the rest in nearly every case. */
const CHECK = 7;
const CHECK_ROOM = 8;

/**
 * A card's code for people to read out and type in, as in `K7M-2QX-9TD`: the beginning of the code and a
 * checksum, in digits that cannot be mistaken. There is nothing more to keep, and so nothing to look
 * up by but the code itself.
 */
export function shortCodeOf(cardCode: string): string {
  let beginning = 0;
  for (const character of cardCode.slice(0, LENGTH_OF_BEGINNING)) {
    beginning = beginning * CODE_CHARACTERS.length + CODE_CHARACTERS.indexOf(character);
  }
  let rest = beginning * CHECK_ROOM + (beginning % CHECK);
  let digits = '';
  for (let i = 0; i < SHORT_LENGTH; i += 1) {
    digits = `${DIGITS[rest % DIGITS.length]}${digits}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return [0, 1, 2].map((group) => digits.slice(group * GROUP, (group + 1) * GROUP)).join('-');
}

/**
 * What the card's code begins with. However it was typed: small letters, without the dashes, O for 0.
 * Undefined for what is no short code, or was mistyped.
 */
export function readShortCode(text: string): string | undefined {
  const digits = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (digits.length !== SHORT_LENGTH) return undefined;
  let number = 0;
  for (const digit of digits) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) return undefined;
    number = number * DIGITS.length + value;
  }
  let rest = Math.floor(number / CHECK_ROOM);
  if (rest % CHECK !== number % CHECK_ROOM) return undefined;
  let beginning = '';
  for (let i = 0; i < LENGTH_OF_BEGINNING; i += 1) {
    beginning = `${CODE_CHARACTERS[rest % CODE_CHARACTERS.length]}${beginning}`;
    rest = Math.floor(rest / CODE_CHARACTERS.length);
  }
  return beginning;
}
