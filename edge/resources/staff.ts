import type { PersonalSealer } from '../../queues/personal.ts';
import { staffSchema } from '../views/staff.ts';
import { defineResource } from './resource.ts';

/** The people of a business, and what they may. */
export const staff = defineResource({
  kind: 'stf',
  path: '/v1/admin/staff',
  schema: staffSchema,
  permissions: { read: 'staff:read', write: 'staff:write' },
  reader: (setup) => setup.staff,
});

/** What is personal travels sealed; the rest tells what is to be done. */
export function sealStaff(
  personal: PersonalSealer,
  body: { role?: string; storeIds?: unknown },
): { payload: object; compared: object } {
  const { role, storeIds, ...profile } = body;
  const duty = { ...(role !== undefined && { role }), ...(storeIds !== undefined && { storeIds }) };
  return {
    payload: { ...duty, sealed: personal.seal(profile) },
    compared: { ...duty, fingerprint: personal.fingerprint(profile) },
  };
}
