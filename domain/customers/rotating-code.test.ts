import { describe, expect, test } from '@jest/globals';
import { NOON } from '../../tests/builders/domain.ts';
import {
  formatRotatingCode,
  isShownAt,
  readRotatingCode,
  STEP_MS,
  stepAt,
} from './rotating-code.ts';

const code = { cardCode: 'Q7xW2mB9tR4kZs1vYc8nLe', step: stepAt(NOON), mac: 'abcdefgh_-ABCDEF' };

describe('a rotating code', () => {
  test('is read as it was written', () => {
    expect(readRotatingCode(formatRotatingCode(code))).toEqual(code);
  });

  test.each([
    '',
    'Q7xW2mB9tR4kZs1vYc8nLe',
    'a.b.c',
    `${formatRotatingCode(code)}x`,
    'x'.repeat(200),
  ])('is not %p', (text) => {
    expect(readRotatingCode(text)).toBeUndefined();
  });

  test('holds in its half minute and the ones beside it', () => {
    // Noon begins a step.
    expect(isShownAt(code, NOON - STEP_MS - 1)).toBe(false);
    expect(isShownAt(code, NOON - STEP_MS)).toBe(true);
    expect(isShownAt(code, NOON + 2 * STEP_MS - 1)).toBe(true);
    expect(isShownAt(code, NOON + 2 * STEP_MS)).toBe(false);
  });
});
