import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, property, record, string } from 'fast-check';
import { createContactSealer } from './contact-sealer.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const sealer = createContactSealer(key);
const phone = { kind: 'phone', value: '+351912345678' } as const;

describe('a sealed contact', () => {
  test('is opened by whoever holds the key, as it was', () => {
    const contacts = record({ kind: constantFrom('phone', 'email'), value: string() });
    assert(
      property(contacts, (contact) => {
        expect(createContactSealer(key).open(sealer.seal(contact))).toEqual(contact);
      }),
    );
  });

  test('never looks the same twice, and shows nothing of the contact', () => {
    const sealed = Array.from({ length: 100 }, () => sealer.seal(phone));
    expect(new Set(sealed).size).toBe(100);
    for (const text of sealed) {
      expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('912345678');
    }
  });

  test('is not opened with another key', () => {
    const other = createContactSealer(Buffer.alloc(32, 8).toString('base64'));
    expect(() => other.open(sealer.seal(phone))).toThrow();
  });

  test('is refused when any one bit was changed', () => {
    const bytes = Buffer.from(sealer.seal(phone), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => sealer.open(changed.toString('base64url'))).toThrow();
    }
  });

  test('is refused when it was cut short, to whatever length', () => {
    const bytes = Buffer.from(sealer.seal(phone), 'base64url');
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => sealer.open(bytes.subarray(0, length).toString('base64url'))).toThrow();
    }
  });
});
