import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { NOON } from '../../tests/builders/domain.ts';
import { DAY_MS } from '../values/time.ts';
import { claimCodeOf, type ClaimableSale, readClaimCode, refuseClaim } from './claim.ts';

const sale = (over: Partial<ClaimableSale> = {}): ClaimableSale => ({
  status: 'recorded',
  occurredAt: NOON,
  isClaimed: false,
  isRefunded: false,
  ...over,
});

describe('a claim code', () => {
  const fresh = () => claimCodeOf(randomBytes(16).toString('base64url'));

  test('is 16 digits in groups of four that no eye confuses, and stays itself when read', () => {
    for (let i = 0; i < 200; i += 1) {
      const code = fresh();
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(readClaimCode(code)).toBe(code);
    }
  });

  test('uses every digit at every place: 80 bits', () => {
    const seen = Array.from({ length: 16 }, () => new Set<string>());
    for (let i = 0; i < 2_000; i += 1) {
      Array.from(fresh().replaceAll('-', '')).forEach((digit, place) => seen[place]!.add(digit));
    }
    expect(seen.map((digits) => digits.size)).toEqual(Array.from({ length: 16 }, () => 32));
  });

  test('is understood however it is typed', () => {
    expect(readClaimCode('abcd 0123 oil1 wxyz')).toBe('ABCD-0123-0111-WXYZ');
    expect(readClaimCode('ABCD012345678WXU')).toBeUndefined();
    expect(readClaimCode('ABCD-0123-4567')).toBeUndefined();
  });
});

describe('a receipt', () => {
  test('can be claimed for 30 days, the last moment included', () => {
    expect(refuseClaim(sale(), NOON + 30 * DAY_MS)).toBeUndefined();
    expect(refuseClaim(sale(), NOON + 30 * DAY_MS + 1)).toBe('too-late-to-claim');
  });

  test('is claimed once, and not when it was refunded or waits for a look', () => {
    const everything = { isClaimed: true, isRefunded: true, status: 'review' } as const;
    expect(refuseClaim(sale(everything), NOON)).toBe('receipt-already-claimed');
    expect(refuseClaim(sale({ ...everything, isClaimed: false }), NOON)).toBe('receipt-refunded');
    expect(refuseClaim(sale({ status: 'review' }), NOON)).toBe('receipt-in-review');
  });
});
