/** `rk_`, 192 random bits in hex, and a checksum in hex. */
const KEY_PATTERN = /^rk_([0-9a-f]{48})([0-9a-f]{8})$/;

/**
 * Writes random bytes as a POS key. The prefix lets secret scanners find a leaked key; the checksum
 * tells a mistyped one without asking anybody.
 * @param random 24 random bytes as 48 hex digits
 * @throws RangeError for anything else
 */
export function formatApiKey(random: string): string {
  const key = `rk_${random}${checksum(random)}`;
  if (!isWellFormedApiKey(key)) throw new RangeError('a key is made from 48 hex digits');
  return key;
}

/** Whether the text has the form of a key and its checksum is right. */
export function isWellFormedApiKey(key: string): boolean {
  const match = KEY_PATTERN.exec(key);
  return match !== null && checksum(match[1] ?? '') === match[2];
}

/** FNV-1a, 32 bits (RFC 9923): against typing errors, not against attackers. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
