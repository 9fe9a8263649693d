import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../tests/database.ts';
import { idSource } from '../ids/id-source.ts';
import { idColumn, jsonColumn, textColumn } from './columns.ts';
import { toUuid } from './ids.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const read = (type: string, column: Buffer) =>
  database.query<{ values: unknown[] }>(`SELECT to_json($1::${type}[]) AS values`, [column]);

test('ids are read as the uuids they are', async () => {
  const ids = Array.from({ length: 100 }, () => idSource.id('cus'));
  expect(await read('uuid', idColumn(ids))).toEqual([{ values: ids.map(toUuid) }]);
  expect(await read('uuid', idColumn([null, ids[0]!]))).toEqual([
    { values: [null, toUuid(ids[0]!)] },
  ]);
});

test.each([
  ['nothing', []],
  ['nothing but nulls', [null, null]],
  ['quotes, commas and braces', ['"a"', '{b,c}', '\\', 'NULL', '']],
  ['letters of one to four bytes', ['São João', '€', '漢字', '😀', null]],
  ['more than the buffer held before', ['x', '€'.repeat(200_000), 'y']],
])('a column of %s arrives as it was', async (_, texts: (string | null)[]) => {
  expect(await read('text', textColumn(texts))).toEqual([{ values: texts }]);
  const documents = texts.map((text) => (text === null ? null : { text, list: [1, [text]] }));
  expect(await read('json', jsonColumn(documents))).toEqual([{ values: documents }]);
});
