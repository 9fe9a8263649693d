import { describe, expect, test } from '@jest/globals';
import { anId } from '../../tests/builders/domain.ts';
import { createAddressHash, createMailLinks } from './mail-links.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const links = createMailLinks(key);
const link = { businessId: anId('biz', 1), personId: anId('cus', 2), kind: 'reward' } as const;

describe('a link that ends mail', () => {
  test('names whose it is and which, to whoever holds the key', () => {
    expect(createMailLinks(key).read(links.make(link))).toEqual(link);
    const ofStaff = { ...link, personId: anId('stf', 3), kind: 'weekly-report' } as const;
    expect(links.read(links.make(ofStaff))).toEqual(ofStaff);
  });

  test('is refused when any one bit was changed, cut short, or made with another key', () => {
    const bytes = Buffer.from(links.make(link), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(links.read(changed.toString('base64url'))).toBeUndefined();
    }
    for (let length = 0; length < bytes.length; length += 1) {
      expect(links.read(bytes.subarray(0, length).toString('base64url'))).toBeUndefined();
    }
    const other = createMailLinks(Buffer.alloc(32, 8).toString('base64'));
    expect(other.read(links.make(link))).toBeUndefined();
  });
});

test('an address is remembered however it is written, and by nobody without the key', () => {
  const hash = createAddressHash(key);
  expect(hash('Guest@Cafe.example ')).toEqual(hash('guest@cafe.example'));
  expect(
    createAddressHash(Buffer.alloc(32, 8).toString('base64'))('guest@cafe.example'),
  ).not.toEqual(hash('guest@cafe.example'));
});
