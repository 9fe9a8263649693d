import { describe, expect, test } from '@jest/globals';
import {
  customerMay,
  keyMay,
  type Permission,
  permissions,
  roleMay,
  ROLES,
  staffMay,
} from './permissions.ts';

const all = Object.keys(permissions) as Permission[];
const store = 'sto_01jd7x0mh8e2rta5p3v0c2k9qz' as const;

describe('a role', () => {
  test('of the counter serves, and changes nothing of the business', () => {
    const may = all.filter((permission) => roleMay('cashier', permission));
    expect(may.sort()).toEqual(['counter:read', 'counter:write', 'jobs:read', 'staff:self']);
  });

  test('of an analyst has reports made, and writes nothing else', () => {
    const may = all.filter((permission) => roleMay('analyst', permission));
    expect(may.filter((permission) => permission.endsWith(':write'))).toEqual(['reports:write']);
  });

  test('of an owner includes what any other role does', () => {
    for (const permission of all) {
      if (ROLES.some((role) => roleMay(role, permission))) {
        expect([permission, roleMay('owner', permission)]).toEqual([permission, true]);
      }
    }
  });

  test('limited to stores serves and reads there, and changes nothing for the whole business', () => {
    const manager = { role: 'manager', storeIds: [store] } as const;
    expect(staffMay(manager, 'counter:write')).toBe(true);
    expect(staffMay(manager, 'admin:read')).toBe(true);
    expect(staffMay(manager, 'programs:write')).toBe(false);
    expect(staffMay({ ...manager, storeIds: null }, 'programs:write')).toBe(true);
  });
});

test('a key may what it has the scope for, and never stands at a counter', () => {
  expect(keyMay(['admin:write'], 'keys:write')).toBe(true);
  expect(keyMay(['admin:read'], 'keys:write')).toBe(false);
  expect(keyMay(['counter:write', 'self:read'], 'counter:write')).toBe(false);
});

test('a customer may see and change their own records, and nothing else', () => {
  expect(all.filter(customerMay).sort()).toEqual(['jobs:read', 'self:read', 'self:write']);
});
