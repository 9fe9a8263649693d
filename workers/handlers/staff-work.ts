import { z } from 'zod';
import type { Setup, StaffFields } from '../../domain/tenancy/setup.ts';
import type { BusinessId, StaffId } from '../../domain/values/ids.ts';
import { staffProfile } from '../../queues/commands/create-staff.ts';
import type { PersonalSealer } from '../../queues/personal.ts';
import { type Refusal, refuse, type SetupDependencies } from './change.ts';

export interface StaffDependencies extends SetupDependencies {
  personal: PersonalSealer;
}

const profile = z.strictObject(staffProfile).partial();

/** What is personal in a message about staff. */
export function openProfile(personal: PersonalSealer, sealed: string) {
  return z.parse(profile, personal.open(sealed));
}

/** What keeps somebody from being on the staff like this, if anything. */
export async function findFault(
  setup: Setup,
  businessId: BusinessId,
  member: Pick<StaffFields, 'email' | 'role' | 'storeIds'> & { id?: StaffId },
): Promise<Refusal | undefined> {
  const { id, email, role, storeIds } = member;
  if (role === 'owner' && storeIds !== null) return refuse('owner-of-some-stores');
  const [unknown] = await setup.unknownStores(businessId, storeIds ?? []);
  if (unknown) return refuse('unknown-store', `There is no store ${unknown}.`);
  const others = await setup.staff.count(businessId, { email, removedAt: null }, id);
  return others > 0 ? refuse('staff-email-in-use') : undefined;
}

/** Whether the business would have no owner without this one. */
export async function isLastOwner(
  setup: Setup,
  businessId: BusinessId,
  member: Pick<StaffFields, 'role'> & { id: StaffId },
): Promise<boolean> {
  if (member.role !== 'owner') return false;
  const owners = { role: 'owner', removedAt: null } as const;
  return (await setup.staff.count(businessId, owners, member.id)) === 0;
}
