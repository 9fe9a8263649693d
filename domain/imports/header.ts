/** What separates cells: a spreadsheet takes the semicolon where the comma is for decimals. */
export type Delimiter = ',' | ';';

/**
 * The first record of a CSV text and what separates its cells; undefined while the record has no end.
 * A text that ends without a line break is one record.
 */
export function readHeader(
  text: string,
  options: { isWhole: boolean },
): { cells: string[]; delimiter: Delimiter } | undefined {
  const end = endOfRecord(text);
  if (end === undefined && !options.isWhole) return undefined;
  const record = text.slice(0, end).replace(/\r$/, '');
  const [commas, semicolons] = [splitRecord(record, ','), splitRecord(record, ';')];
  return semicolons.length > commas.length
    ? { cells: semicolons, delimiter: ';' }
    : { cells: commas, delimiter: ',' };
}

function endOfRecord(text: string): number | undefined {
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '"') isQuoted = !isQuoted;
    else if (text[i] === '\n' && !isQuoted) return i;
  }
  return undefined;
}

function splitRecord(record: string, delimiter: Delimiter): string[] {
  const cells: string[] = [];
  let [cell, isQuoted] = ['', false];
  for (let i = 0; i < record.length; i += 1) {
    const letter = record[i] ?? '';
    if (letter === '"' && isQuoted && record[i + 1] === '"') {
      cell += letter;
      i += 1;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}
