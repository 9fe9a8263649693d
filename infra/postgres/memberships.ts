import type { BusinessId, CustomerId, StaffId, StoreId } from '../../domain/values/ids.ts';
import type { Role } from '../../domain/tenancy/permissions.ts';
import { fromUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

interface StaffRow {
  business_id: string;
  id: string;
  role: Role;
  store_ids: string[] | null;
}

interface CustomerRow {
  business_id: string;
  customer_id: string;
}

/** Which businesses have somebody on their staff. The removed are not found. */
export async function findStaffMemberships(client: Queryable, subject: string) {
  const { rows } = await client.query<StaffRow>({
    name: 'find-staff-memberships',
    text: 'SELECT * FROM app.find_staff($1)',
    values: [subject],
  });
  return rows.map((row) => ({
    businessId: fromUuid('biz', row.business_id) satisfies BusinessId,
    staffId: fromUuid('stf', row.id) satisfies StaffId,
    role: row.role,
    storeIds: row.store_ids?.map((id): StoreId => fromUuid('sto', id)) ?? null,
  }));
}

/** Which businesses have somebody as a customer; whoever was merged is whom they became. */
export async function findCustomerMemberships(client: Queryable, subject: string) {
  const { rows } = await client.query<CustomerRow>({
    name: 'find-customer-memberships',
    text: 'SELECT * FROM app.find_customers($1)',
    values: [subject],
  });
  return rows.map((row) => ({
    businessId: fromUuid('biz', row.business_id) satisfies BusinessId,
    customerId: fromUuid('cus', row.customer_id) satisfies CustomerId,
  }));
}

/** Invitations to this e-mail address (lower case) that nobody has accepted. */
export async function findInvitations(client: Queryable, email: string) {
  const { rows } = await client.query<{ business_id: string; id: string }>({
    name: 'find-invitations',
    text: 'SELECT * FROM app.find_invitations($1)',
    values: [email],
  });
  return rows.map((row) => ({
    businessId: fromUuid('biz', row.business_id) satisfies BusinessId,
    staffId: fromUuid('stf', row.id) satisfies StaffId,
  }));
}
