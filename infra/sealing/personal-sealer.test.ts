import { describe, expect, test } from '@jest/globals';
import { createPersonalSealer } from './personal-sealer.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const sealer = createPersonalSealer(key);
const person = { name: 'Zoë Quick', phone: '+351912345678' };

describe('a sealed record', () => {
  test('is opened by whoever holds the key, as it was', () => {
    expect(createPersonalSealer(key).open(sealer.seal(person))).toEqual(person);
  });

  test('never looks the same twice, and shows nothing of the person', () => {
    const texts = Array.from({ length: 50 }, () => sealer.seal(person));
    expect(new Set(texts).size).toBe(50);
    for (const text of texts) {
      expect(Buffer.from(text, 'base64url').toString('latin1')).not.toMatch(/Quick|912345678/);
    }
  });

  test('is not opened with another key, nor when a bit of it was changed', () => {
    const other = createPersonalSealer(Buffer.alloc(32, 8).toString('base64'));
    expect(() => other.open(sealer.seal(person))).toThrow();
    const bytes = Buffer.from(sealer.seal(person), 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    expect(() => sealer.open(bytes.toString('base64url'))).toThrow();
  });
});

test('a fingerprint is the same for the same record, and another with another key', () => {
  const other = createPersonalSealer(Buffer.alloc(32, 8).toString('base64'));
  expect(sealer.fingerprint(person)).toBe(createPersonalSealer(key).fingerprint({ ...person }));
  expect(sealer.fingerprint(person)).not.toBe(sealer.fingerprint({ ...person, name: 'Zoe' }));
  expect(sealer.fingerprint(person)).not.toBe(other.fingerprint(person));
});
