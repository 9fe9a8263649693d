import { mulDiv } from '../values/decimal.ts';
import { sum } from './purchase.ts';

/**
 * Splits an integer amount over weights in proportion, to the last unit: everyone gets the rounded-
 * down share, and the units left over go to the largest remainders, the first on a tie (Hamilton's
 * method). 100 over 1000 and 500 is 67 and 33.
 *
 * @param amount minor units, ≥ 0
 * @param weights minor units, ≥ 0 each; when all are zero nothing is allocated
 * @returns one share per weight; they sum to `amount`
 */
export function allocateByLargestRemainder(amount: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  if (total === 0 || amount === 0) return weights.map(() => 0);
  const exact = weights.map((weight, index) => ({ index, ...mulDiv(amount, weight, total) }));
  const shares = exact.map(({ quotient }) => quotient);
  const left = amount - sum(shares);
  if (left === 0) return shares;
  const byRemainder = exact.toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
