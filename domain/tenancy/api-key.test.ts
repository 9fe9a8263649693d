import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { formatApiKey, isWellFormedApiKey } from './api-key.ts';

const digits = Array.from('0123456789abcdef');
const random = array(constantFrom(...digits), { minLength: 48, maxLength: 48 });

describe('a POS key', () => {
  test('carries 192 random bits and a prefix that secret scanners know', () => {
    assert(
      property(random, (hex) => {
        const key = formatApiKey(hex.join(''));
        expect(key).toMatch(/^rk_[0-9a-f]{56}$/);
        expect(isWellFormedApiKey(key)).toBe(true);
      }),
    );
  });

  test('with any one digit mistyped is known to be mistyped', () => {
    const key = formatApiKey('0123456789abcdef'.repeat(3));
    for (let i = 'rk_'.length; i < key.length; i += 1) {
      for (const digit of digits) {
        if (digit === key[i]) continue;
        expect(isWellFormedApiKey(key.slice(0, i) + digit + key.slice(i + 1))).toBe(false);
      }
    }
  });

  test('with two neighbours swapped is known to be mistyped', () => {
    const key = formatApiKey('0123456789abcdef'.repeat(3));
    for (let i = 'rk_'.length; i < key.length - 1; i += 1) {
      if (key[i] === key[i + 1]) continue;
      const swapped = `${key.slice(0, i)}${key[i + 1]}${key[i]}${key.slice(i + 2)}`;
      expect(isWellFormedApiKey(swapped)).toBe(false);
    }
  });

  test.each(['', 'rk_', 'sk_', ' ', 'RK_'])('is nothing that merely begins with "%s"', (prefix) => {
    expect(isWellFormedApiKey(prefix)).toBe(false);
    expect(isWellFormedApiKey(prefix + '0'.repeat(56))).toBe(false);
  });

  test('is not made from fewer digits, more, or others', () => {
    for (const hex of ['0'.repeat(47), '0'.repeat(49), 'g'.repeat(48), 'A'.repeat(48)]) {
      expect(() => formatApiKey(hex)).toThrow(RangeError);
    }
  });
});
