import currencyCodes from 'currency-codes';

/** Integer minor units of an ISO 4217 currency: 375 EUR is 3.75 €, 375 JPY is ¥375. */
export interface Money {
  amount: number;
  currency: string;
}

const minorDigitsByCurrency = new Map(
  currencyCodes.data.map((currency) => [currency.code, currency.digits] as const),
);

/** Whether `code` is in ISO 4217. */
export function isCurrency(code: string): boolean {
  return minorDigitsByCurrency.has(code);
}

/**
 * How many decimals the currency's minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.
 * @throws RangeError for a code that ISO 4217 does not list.
 */
export function minorDigits(currency: string): number {
  const digits = minorDigitsByCurrency.get(currency);
  if (digits === undefined) throw new RangeError(`unknown currency: ${currency}`);
  return digits;
}

/** A sum as a shopkeeper reads it in a trace: `12.34 EUR`, `375 JPY`. */
export function formatMoney(money: Money): string {
  const digits = minorDigits(money.currency);
  const sign = money.amount < 0 ? '-' : '';
  const text = String(Math.abs(money.amount)).padStart(digits + 1, '0');
  if (digits === 0) return `${sign}${text} ${money.currency}`;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)} ${money.currency}`;
}
