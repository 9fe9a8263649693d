import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { allocateByLargestRemainder } from './allocate.ts';

describe('allocateByLargestRemainder', () => {
  test.each([
    [100, [1000, 500], [67, 33]],
    [100, [1, 1, 1], [34, 33, 33]],
    [2, [1, 1, 1], [1, 1, 0]],
    [1, [1, 2], [0, 1]],
    [1, [0, 1, 0], [0, 1, 0]],
    [5, [0, 0], [0, 0]],
    [0, [3, 4], [0, 0]],
    [5, [], []],
    [10, [10], [10]],
  ])('%i over %j is %j', (amount, weights, expected) => {
    expect(allocateByLargestRemainder(amount, weights)).toEqual(expected);
  });

  test('amounts whose product is beyond 2^53 are still split to the last unit', () => {
    const shares = allocateByLargestRemainder(9_007_199_254_740_990, [1_000_000_007, 999_999_937]);
    expect(shares).toEqual([4_503_599_784_996_486, 4_503_599_469_744_504]);
  });

  const amounts = fc.integer({ min: 0, max: 1_000_000 });
  const weights = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 12 });

  test('shares sum to the amount, and each is less than one unit from exact', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, weights) => {
        const total = weights.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const shares = allocateByLargestRemainder(amount, weights);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(amount);
        for (const [i, share] of shares.entries()) {
          const off = BigInt(share) * BigInt(total) - BigInt(amount) * BigInt(weights[i]!);
          expect(-BigInt(total) < off && off < BigInt(total)).toBe(true);
        }
      }),
    );
  });

  test('no share exceeds its weight while the amount does not exceed their sum', () => {
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (weights, part) => {
        const total = weights.reduce((a, b) => a + b, 0);
        const shares = allocateByLargestRemainder(Math.floor(total * part), weights);
        expect(shares.every((share, i) => share <= weights[i]!)).toBe(true);
      }),
    );
  });

  test('equal weights get equal shares, the first ones the units left over', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 12 }), (amount, count) => {
        const shares = allocateByLargestRemainder(
          amount,
          Array.from({ length: count }, () => 7),
        );
        expect(shares).toEqual(shares.toSorted((a, b) => b - a));
        expect(shares[0]! - shares.at(-1)!).toBeLessThanOrEqual(1);
      }),
    );
  });
});
