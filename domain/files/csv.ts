/** What a spreadsheet would run as a formula, or take for one. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",;\r\n]|^\s|\s$/;

/**
 * Rows as CSV (RFC 4180, UTF-8), a piece for each page. A text that a spreadsheet would run as a
 * formula (it begins with =, +, -, @, tab or return) is preceded by an apostrophe; documents are JSON.
 */
export async function* toCsv(
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly unknown[])[]>,
): AsyncGenerator<string> {
  yield toLine(columns);
  for await (const rows of pages) yield rows.map(toLine).join('');
}

function toLine(cells: readonly unknown[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // An amount below zero is a number, and a spreadsheet may take it for one.
  const safe = FORMULA.test(text) && !/^-\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
