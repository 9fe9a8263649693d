import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './gcm.ts';

const MAC_BYTES = 16;

/**
 * Cursors that nobody can make or alter: where the next page begins, and a MAC over it and the name
 * of the list (HMAC-SHA-256, cut to 128 bits), in base64url. They hide nothing.
 * @param key 32 bytes, base64; the MAC uses a key of its own, derived from it
 */
export function createCursorSealer(key: string) {
  const secret = deriveKey(key, 'cursors');
  const mac = (list: string, position: Buffer) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(list))
      .update(position)
      .digest()
      .subarray(0, MAC_BYTES);

  return {
    seal(list: string, position: readonly string[]): string {
      const bytes = Buffer.from(JSON.stringify(position));
      return Buffer.concat([mac(list, bytes), bytes]).toString('base64url');
    },
    open(list: string, cursor: string): string[] | undefined {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length <= MAC_BYTES) return undefined;
      const position = bytes.subarray(MAC_BYTES);
      if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(list, position))) return undefined;
      return JSON.parse(position.toString()) as string[];
    },
  };
}
