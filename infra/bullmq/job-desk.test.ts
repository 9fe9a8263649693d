import { expect, test } from '@jest/globals';
import { errorKind } from './job-desk.ts';

test.each([
  ['no card crd_01jd7x0mh8e2rta5p3v0c2k9qz of 12', 'no card … of 0'],
  ['row 0192f5a4-7c11-7cc1-9d1d-2f1c6a0e1d0b is gone', 'row … is gone'],
  ['violates unique constraint "cards_holder"', 'violates unique constraint "…"'],
  ['timeout of 3000 ms\n    at query (pool.ts:12:3)', 'timeout of 0 ms'],
  ['x'.repeat(500), 'x'.repeat(200)],
])('jobs that failed alike are one group: %j', (reason, kind) => {
  expect(errorKind(reason)).toBe(kind);
});

test('a message that cannot be read is of another group than one that was not understood', () => {
  expect(errorKind('no version 2 of record-purchase')).not.toBe(errorKind('no command sing'));
});
