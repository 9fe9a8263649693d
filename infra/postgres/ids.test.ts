import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fromUUID, toUUID, type TypeId } from 'typeid-js';
import { idSource } from '../ids/id-source.ts';
import { fromUuid, toUuid } from './ids.ts';

test('ids are the uuids that TypeID says they are', () => {
  for (let i = 0; i < 100; i += 1) {
    const id = idSource.id('txn');
    expect(toUuid(id)).toBe(toUUID(id as string as TypeId<string>));
    expect(fromUuid('crd', toUuid(id))).toBe(fromUUID(toUuid(id), 'crd'));
  }
});

test('every id that the API takes is some uuid and comes back, whatever its bits', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/), (digits) => {
      const uuid = toUuid(`stf_${digits}`);
      expect(uuid).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect(fromUuid('cus', uuid)).toBe(`cus_${digits}`);
    }),
  );
});

test.each(['stf_', 'stf_0', 'stf_0000000000000000000000000u', 'stf_80000000000000000000000000'])(
  '%s is no id',
  (id) => {
    expect(() => toUuid(id as `stf_${string}`)).toThrow(RangeError);
  },
);
