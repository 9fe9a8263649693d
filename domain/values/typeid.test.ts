import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fromUUID, toUUID, type TypeId } from 'typeid-js';
import { idOfBytes, idOfUuid, uuidOfId } from './typeid.ts';

test('ids are the uuids that TypeID says they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      // The package takes only the versions that there are.
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const id = idOfBytes('txn', bytes);
      expect(uuidOfId(id)).toBe(toUUID(id as string as TypeId<string>));
      expect(uuidOfId(id).replaceAll('-', '')).toBe(Buffer.from(bytes).toString('hex'));
      expect(idOfUuid('crd', uuidOfId(id))).toBe(fromUUID(uuidOfId(id), 'crd'));
    }),
  );
});

test('every id that the API takes is some uuid and comes back, whatever its bits', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/), (digits) => {
      const uuid = uuidOfId(`stf_${digits}`);
      expect(uuid).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect(idOfUuid('cus', uuid)).toBe(`cus_${digits}`);
    }),
  );
});

test.each(['stf_', 'stf_0', 'stf_0000000000000000000000000u', 'stf_80000000000000000000000000'])(
  '%s is no id',
  (id) => {
    expect(() => uuidOfId(id as `stf_${string}`)).toThrow(RangeError);
  },
);
