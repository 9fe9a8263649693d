import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readShortCode, shortCodeOf } from './short-code.ts';

const aCode = () => randomBytes(16).toString('base64url');

test('a short code stands for the beginning of the card’s code, whatever that is', () => {
  for (const code of ['AAAAAAAxxx', '_______xxx', ...Array.from({ length: 200 }, aCode)]) {
    expect(shortCodeOf(code)).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{3}){2}$/);
    expect(readShortCode(shortCodeOf(code))).toBe(code.slice(0, 7));
  }
});

test('it is read however it is typed', () => {
  const short = shortCodeOf('AAAAAAAxxx');
  expect(short).toBe('000-000-000');
  for (const typed of ['000000000', 'ooo-ooo-ooo', ' 000 000 000 ', 'OO0-0oO-000']) {
    expect(readShortCode(typed)).toBe('AAAAAAA');
  }
  const one = 'AAAAAAB';
  expect(readShortCode(shortCodeOf(one).toLowerCase().replaceAll('1', 'l'))).toBe(one);
});

test.each(['', '000-000-00', '000-000-0000', '000-000-00U', '000-000-00!', 'ＡＡＡ-000-000'])(
  '“%s” is none',
  (text) => expect(readShortCode(text)).toBeUndefined(),
);

test('a slip of the finger is found out, nearly always', () => {
  let slips = 0;
  let found = 0;
  for (let i = 0; i < 200; i += 1) {
    const short = shortCodeOf(aCode()).replaceAll('-', '');
    for (let at = 0; at < short.length - 1; at += 1) {
      const swapped = `${short.slice(0, at)}${short[at + 1]}${short[at]}${short.slice(at + 2)}`;
      const wrong = `${short.slice(0, at)}${short[at] === '7' ? '8' : '7'}${short.slice(at + 1)}`;
      for (const typed of [swapped, wrong].filter((text) => text !== short)) {
        slips += 1;
        if (readShortCode(typed) === undefined) found += 1;
      }
    }
  }
  expect(found / slips).toBeGreaterThan(0.8);
});
