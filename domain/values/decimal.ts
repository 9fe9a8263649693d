/**
 * Decimal strings are how amounts that may have fractions travel (quantities, rates, points). They
 * are read into scaled integers and never pass through a float.
 */

/** A decimal string of at most `fractionDigits` decimals: `12`, `0.345`, not `1e3`, `.5`, `-1`. */
export const DECIMAL_PATTERN = /^(0|[1-9]\d{0,11})(\.\d{1,6})?$/;
/** The same with an optional minus. */
export const SIGNED_DECIMAL_PATTERN = /^-?(0|[1-9]\d{0,11})(\.\d{1,6})?$/;

/**
 * Reads a non-negative decimal string as an integer count of 10^-scale.
 * `parseDecimal('1.5', 6)` is `1500000n`.
 * @throws RangeError when the text is no decimal or has more decimals than `scale` holds.
 */
export function parseDecimal(text: string, scale: number): bigint {
  if (!DECIMAL_PATTERN.test(text)) throw new RangeError(`not a decimal string: ${text}`);
  const [whole = '0', fraction = ''] = text.split('.');
  if (fraction.length > scale) throw new RangeError(`more than ${scale} decimals: ${text}`);
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** Writes an integer count of 10^-scale as the shortest decimal string; `8250000, 6` is `8.25`. */
export function formatDecimal(value: number | bigint, scale: number): string {
  const negative = value < 0;
  const digits = String(negative ? -value : value).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/**
 * `a × b / c` of integers ≥ 0, exactly, however large the product is: the quotient rounded down, and
 * what is left over.
 */
export function mulDiv(a: number, b: number, c: number): { quotient: number; remainder: number } {
  const product = a * b;
  if (Number.isSafeInteger(product)) {
    const remainder = product % c;
    return { quotient: (product - remainder) / c, remainder };
  }
  const [exact, divisor] = [BigInt(a) * BigInt(b), BigInt(c)];
  return { quotient: toSafeInteger(exact / divisor), remainder: Number(exact % divisor) };
}

/** Integer division rounding half up, for non-negative operands. */
export function roundHalfUpDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator * 2n + denominator) / (denominator * 2n);
}

/**
 * A bigint as a JavaScript number.
 * @throws RangeError beyond 2^53 − 1, where a number would silently lose a unit.
 */
export function toSafeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`beyond 2^53 - 1: ${value}`);
  return number;
}
