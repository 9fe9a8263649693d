import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { expect, test } from '@jest/globals';
import { Problem } from '../problems.ts';
import { createRefusals } from './refusals.ts';

const HOUR_MS = 3_600_000;
const aCredential = () => randomBytes(32).toString('hex');
const from = (ip: string) => ({ ip }) as Request;

function counting() {
  let at = 0;
  const refusals = createRefusals({ perMinute: 3, now: () => at });
  const isLookedUp = (ip: string, credential: string) => {
    try {
      refusals.check(from(ip), credential);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect(error).toMatchObject({ code: 'too-many-requests', status: 429 });
      return false;
    }
  };
  const refuse = (ip: string) => {
    for (let i = 0; i < 3; i += 1) refusals.refused(from(ip));
  };
  return { refusals, isLookedUp, refuse, pass: (ms: number) => (at += ms) };
}

test('an address whose credentials do not hold has no more of them looked up within the minute', () => {
  const { isLookedUp, refusals, refuse, pass } = counting();
  refusals.refused(from('10.0.0.1'));
  refusals.refused(from('10.0.0.1'));
  expect(isLookedUp('10.0.0.1', aCredential())).toBe(true);
  refuse('10.0.0.1');
  expect(isLookedUp('10.0.0.1', aCredential())).toBe(false);
  expect(isLookedUp('10.0.0.2', aCredential())).toBe(true);
  pass(60_000);
  expect(isLookedUp('10.0.0.1', aCredential())).toBe(true);
});

test('whoever was let in within the hour is not kept out by their neighbours', () => {
  const { isLookedUp, refusals, refuse, pass } = counting();
  const till = aCredential();
  refusals.accepted(till);
  pass(HOUR_MS - 1);
  refuse('10.0.0.1');
  expect(isLookedUp('10.0.0.1', till)).toBe(true);
  pass(2 * HOUR_MS);
  refusals.accepted(aCredential());
  pass(2 * HOUR_MS);
  refusals.accepted(aCredential());
  refuse('10.0.0.1');
  expect(isLookedUp('10.0.0.1', till)).toBe(false);
});

test('addresses of one IPv6 network are one', () => {
  const { isLookedUp, refuse } = counting();
  refuse('2001:db8::1');
  expect(isLookedUp('2001:db8::2', aCredential())).toBe(false);
});
