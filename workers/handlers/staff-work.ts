import { z } from 'zod';
import type { Facts } from '../../domain/ledger/facts.ts';
import type { Setup, StaffFields } from '../../domain/tenancy/setup.ts';
import type { BusinessId, IdSource, StaffId } from '../../domain/values/ids.ts';
import { staffProfile } from '../../queues/commands/create-staff.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { PersonalSealer } from '../../queues/personal.ts';
import { type Refusal, refuse, type SetupDependencies, type SetupRepos } from './change.ts';

export interface StaffRepos extends SetupRepos {
  facts: Facts;
}

export interface StaffDependencies extends SetupDependencies<StaffRepos> {
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

/** The fact that somebody is to be invited. */
export function staffInvited(staffId: StaffId, ids: IdSource): OutboxEvent {
  return { id: ids.id('evt'), type: 'staff.invited', data: { staffId } };
}
