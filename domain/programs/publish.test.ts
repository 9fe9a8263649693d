import { describe, expect, test } from '@jest/globals';
import { NOON } from '../../tests/builders/domain.ts';
import { planPublication } from './publish.ts';

const HOUR = 3_600_000;

describe('a version', () => {
  test('begins now unless told otherwise, and ends the live one at that moment', () => {
    const live = { number: 1, from: NOON - HOUR, to: null };
    expect(planPublication([live], { from: null, now: NOON })).toEqual({
      kind: 'publish',
      number: 2,
      from: NOON,
      closes: [{ number: 1, to: NOON }],
    });
  });

  test('may begin in the past only when it is the first', () => {
    expect(planPublication([], { from: NOON - HOUR, now: NOON })).toMatchObject({
      number: 1,
      from: NOON - HOUR,
    });
    const ended = { number: 1, from: 0, to: HOUR };
    const late = planPublication([ended], { from: NOON - 1, now: NOON });
    expect(late).toEqual({ kind: 'refused', code: 'from-in-past' });
    expect(planPublication([ended], { from: NOON, now: NOON })).toMatchObject({ closes: [] });
  });

  test('that takes over before another has begun leaves that one an empty window', () => {
    const versions = [
      { number: 1, from: 0, to: NOON + 2 * HOUR },
      { number: 2, from: NOON + 2 * HOUR, to: null },
    ];
    expect(planPublication(versions, { from: NOON + HOUR, now: NOON })).toMatchObject({
      number: 3,
      closes: [
        { number: 1, to: NOON + HOUR },
        { number: 2, to: NOON + 2 * HOUR },
      ],
    });
  });
});
