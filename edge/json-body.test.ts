import { describe, expect, test } from '@jest/globals';
import { assert, dictionary, jsonValue, property, string } from 'fast-check';
import { readJson } from './json-body.ts';
import { Problem } from './problems.ts';

const read = (text: string) => readJson(Buffer.from(text));

function refusal(text: string | Uint8Array): string | undefined {
  try {
    readJson(typeof text === 'string' ? Buffer.from(text) : text);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return `${error.code}: ${error.detail ?? ''}`;
    throw error;
  }
}

describe('a body', () => {
  test('is read as JSON.parse would, whatever it is', () => {
    assert(
      property(dictionary(string(), jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value, undefined, 1);
        const isOrdinary = !/\\u0000|\\ud[89a-f]|-0[^.\d]|__proto__/i.test(text);
        if (isOrdinary) expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['{"a":1,"a":1}', 'twice in one object'],
    ['{"a":1,"\\u0061":2}', 'twice in one object'],
    ['[{"b":{"x":[],"y":{},"x":0}}]', 'twice in one object'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'nested more than 32'],
    ['null', 'must be a JSON object'],
    ['"a"', 'must be a JSON object'],
    ['{"a"', ''],
  ])('%s is refused: %s', (text, detail) => {
    expect(refusal(text)).toMatch(/^malformed-json/);
    expect(refusal(text)).toContain(detail);
  });

  test.each([
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"\\"a\\",\\"a\\":{","c\\\\":"\\\\"}',
    `${'['.repeat(32)}${']'.repeat(32)}`,
  ])('%s is fine', (text) => {
    expect(read(text)).toEqual(JSON.parse(text));
  });

  test('of no bytes is missing, and of bytes that are no UTF-8 is refused', () => {
    expect(refusal('')).toMatch(/^body-required/);
    expect(refusal(Uint8Array.from([0x7b, 0xff, 0x7d]))).toContain('not UTF-8');
  });
});

describe('a number', () => {
  test.each(['0', '-1', '1.50', '1e3', '0.1', '9007199254740991', '1e20', '1E-7'])(
    '%s is held as it is written',
    (number) => {
      expect(read(`[${number}]`)).toEqual([Number(number)]);
    },
  );

  test.each([
    '-0',
    '-0.0',
    '-1e-400',
    '1e400',
    '1e-400',
    '9007199254740993',
    '1.00000000000000000001',
    '0.99999999999999999999',
    '9'.repeat(41),
  ])('%s is not held, and no schema takes what is left of it', (number) => {
    expect(read(`{"a":[${number},1]}`)).toEqual({ a: [Number.NaN, 1] });
  });
});

test('text that PostgreSQL has no way to keep is marked, as a value and as a key', () => {
  expect(read('{"a":"x\\u0000","b":"\\ud800","c":"\\ud83d\\ude00","d\\u0000":1}')).toEqual({
    a: Number.NaN,
    b: Number.NaN,
    c: '😀',
    'd\0': Number.NaN,
  });
});
