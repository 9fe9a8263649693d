import { expect, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { Problem } from '../problems.ts';
import { shedLoad } from './shed-load.ts';

function refusalAt(delayMs: number): unknown {
  const told: unknown[] = [];
  const pass = (error?: unknown) => void told.push(error);
  void shedLoad(() => delayMs)({} as Request, {} as Response, pass);
  expect(told).toHaveLength(1);
  return told[0];
}

test('a process that keeps up takes everything', () => {
  expect(refusalAt(0)).toBeUndefined();
  expect(refusalAt(500)).toBeUndefined();
});

test('a process that is behind refuses at once, and says when to come back', () => {
  const refusal = refusalAt(501);
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '2' } });
});
