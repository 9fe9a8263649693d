import { DAY_MS, type Instant } from '../values/time.ts';

/** How long after a sale its receipt can be claimed. */
export const CLAIM_DAYS = 30;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Crockford's base32: no letter that reads like another one. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;
const READ_AS: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/**
 * A receipt's claim code: 80 random bits in 16 digits that can be read out and typed in, in groups
 * of four.
 * @param code 128 random bits as base64url; the last character holds only two of them and is left out
 */
export function claimCodeOf(code: string): string {
  const digits = Array.from(
    code.slice(-LENGTH - 1, -1),
    (character) => DIGITS[BASE64URL.indexOf(character) & 31],
  );
  return digits.join('').replaceAll(/.{4}(?=.)/g, '$&-');
}

/** A code as somebody typed it, as it is kept; undefined for what cannot be one. */
export function readClaimCode(text: string): string | undefined {
  const digits = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[OIL]/g, (letter) => READ_AS[letter] ?? letter);
  if (digits.length !== LENGTH || Array.from(digits).some((digit) => !DIGITS.includes(digit))) {
    return undefined;
  }
  return digits.replaceAll(/.{4}(?=.)/g, '$&-');
}

/** A sale that was recorded without a customer. */
export interface ClaimableSale {
  status: 'recorded' | 'review';
  occurredAt: Instant;
  isClaimed: boolean;
  isRefunded: boolean;
}

/** Refusals, in order of precedence. */
export type ClaimRefusal =
  'receipt-already-claimed' | 'receipt-refunded' | 'receipt-in-review' | 'too-late-to-claim';

/** Why a receipt cannot be claimed at a moment; both ends of the 30 days included. */
export function refuseClaim(sale: ClaimableSale, at: Instant): ClaimRefusal | undefined {
  if (sale.isClaimed) return 'receipt-already-claimed';
  if (sale.isRefunded) return 'receipt-refunded';
  if (sale.status === 'review') return 'receipt-in-review';
  return at - sale.occurredAt > CLAIM_DAYS * DAY_MS ? 'too-late-to-claim' : undefined;
}
