import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { provedText, type RotatingCode } from '../../domain/customers/rotating-code.ts';
import type { CardId } from '../../domain/values/ids.ts';

const KEY_BYTES = 32;
const MAC_BYTES = 12;

/**
 * Keys of cards' rotating codes. A card's key is derived from the server's and the card's id, so none
 * is kept anywhere; the phone that is given it makes codes by itself, without a network.
 * @param key 32 bytes, base64
 */
export function createRotatingCodeKeys(key: string) {
  const secret = Buffer.from(key, 'base64');
  const keyOf = (cardId: CardId) =>
    Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `rotating-code ${cardId}`, KEY_BYTES));
  const sign = (cardId: CardId, code: Pick<RotatingCode, 'cardCode' | 'step'>) =>
    createHmac('sha256', keyOf(cardId)).update(provedText(code)).digest().subarray(0, MAC_BYTES);
  return {
    /** What the phone is given, as base64url. */
    keyOf: (cardId: CardId): string => keyOf(cardId).toString('base64url'),
    /** The mac of a code: HMAC-SHA-256 cut to 96 bits, as base64url. */
    macOf: (cardId: CardId, code: Pick<RotatingCode, 'cardCode' | 'step'>): string =>
      sign(cardId, code).toString('base64url'),
    isGenuine(cardId: CardId, code: RotatingCode): boolean {
      const mac = Buffer.from(code.mac, 'base64url');
      return mac.length === MAC_BYTES && timingSafeEqual(mac, sign(cardId, code));
    },
  };
}
