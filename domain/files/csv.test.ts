import { expect, test } from '@jest/globals';
import { toCsv } from './csv.ts';

async function csv(...rows: unknown[][]): Promise<string> {
  async function* pages() {
    yield rows;
  }
  const pieces: string[] = [];
  for await (const piece of toCsv(['a'], pages())) pieces.push(piece);
  return pieces.join('').replace('a\r\n', '');
}

test.each(['=cmd()', '+1', '-x', '@SUM(A1)', '\tx', '\rx'])(
  'a text that a spreadsheet would run, %j, is shown and not run',
  async (text) => {
    expect((await csv([text])).replaceAll('"', '')).toBe(`'${text}\r\n`);
  },
);

test.each([
  ['a plain text', 'café', 'café'],
  ['a text with the separator', 'a,b', '"a,b"'],
  ['a text with quotes', 'say "hi"', '"say ""hi"""'],
  ['a text of several lines', 'a\nb', '"a\nb"'],
  ['a text that begins with a space', ' a', '" a"'],
  ['an amount below zero', '-2.5', '-2.5'],
  ['a number', -3, '-3'],
  ['nothing', null, ''],
  ['a document', { a: 1 }, '"{""a"":1}"'],
])('%s is written so that it is read as it was', async (_, value, cell) => {
  expect(await csv([value])).toBe(`${cell}\r\n`);
});
