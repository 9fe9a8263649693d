import { expect, test } from '@jest/globals';
import { uuidOfId } from '../../domain/values/typeid.ts';
import { idSource } from './id-source.ts';

test('ids are UUIDv7 of now, each larger than the one before, however many a millisecond', () => {
  const began = Date.now();
  const uuids = Array.from({ length: 20_000 }, () => uuidOfId(idSource.id('txn')));
  expect(uuids.toSorted()).toEqual(uuids);
  expect(new Set(uuids).size).toBe(uuids.length);
  for (const uuid of uuids) expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab]/);
  const time = Number.parseInt((uuids[0] ?? '').replace('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(began);
  expect(time).toBeLessThanOrEqual(Date.now());
});

test('codes are 128 bits in base64url, none like another', () => {
  const codes = Array.from({ length: 20_000 }, () => idSource.code());
  for (const code of codes) expect(code).toMatch(/^[\w-]{22}$/);
  expect(new Set(codes).size).toBe(codes.length);
});
