import type { StoreId } from '../values/ids.ts';
import type { ApiKeyScope as Scope } from '../values/scopes.ts';

/** What a person of the business may be; each is held for the whole business or for named stores. */
export const ROLES = ['owner', 'manager', 'cashier', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

export { API_KEY_SCOPES as SCOPES, type ApiKeyScope as Scope } from '../values/scopes.ts';

/** Who may use what a row stands for; whoever is in none of its columns may not. */
interface Row {
  /** The scope a key needs; absent: no key may, unless any may. */
  scope?: Scope;
  /** Whether any key may, whatever its scopes. */
  keys?: true;
  /** The roles of staff that include it; absent: none does. */
  roles?: readonly Role[];
  /** Whether customers may, each with their own records. */
  customers?: true;
  /** Whether anybody may who has signed in, known to a business or not. */
  visitors?: true;
  /** Whether anybody may, unasked who they are. */
  anybody?: true;
}

const counter = ['owner', 'manager', 'cashier'] as const;
const office = ['owner', 'manager', 'analyst'] as const;

/**
 * The only table of who may do what. A route names its permission; a key must have the row's scope,
 * a person's role must stand in the row.
 */
export const permissions = {
  'transactions:write': { scope: 'transactions:write' },
  'transactions:read': { scope: 'transactions:read' },
  'customers:read': { scope: 'customers:read' },
  'rewards:write': { scope: 'rewards:write' },
  'jobs:read': { keys: true, roles: ROLES, customers: true },
  'admin:read': { scope: 'admin:read', roles: office },
  'admin:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'business:read': { scope: 'admin:read', roles: office },
  'business:write': { scope: 'admin:write', roles: ['owner'] },
  'brands:read': { scope: 'admin:read', roles: office },
  'brands:write': { scope: 'admin:write', roles: ['owner'] },
  'stores:read': { scope: 'admin:read', roles: office },
  'stores:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'staff:read': { scope: 'admin:read', roles: ['owner', 'manager'] },
  'staff:write': { scope: 'admin:write', roles: ['owner'] },
  'keys:read': { scope: 'admin:read', roles: ['owner'] },
  'keys:write': { scope: 'admin:write', roles: ['owner'] },
  'programs:read': { scope: 'admin:read', roles: office },
  'programs:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'promotions:read': { scope: 'admin:read', roles: office },
  'promotions:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'transactions:inspect': { scope: 'admin:read', roles: office },
  'offers:read': { scope: 'admin:read', roles: office },
  'offers:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'analytics:read': { scope: 'admin:read', roles: office },
  'reports:read': { scope: 'admin:read', roles: office },
  'reports:write': { scope: 'admin:write', roles: office },
  'exports:read': { scope: 'admin:read', roles: ['owner'] },
  'exports:write': { scope: 'admin:write', roles: ['owner'] },
  'webhooks:read': { scope: 'admin:read', roles: ['owner', 'manager'] },
  'webhooks:write': { scope: 'admin:write', roles: ['owner'] },
  'audit:read': { scope: 'admin:read', roles: ['owner'] },
  'counter:read': { roles: counter },
  'counter:write': { roles: counter },
  'staff:self': { roles: ROLES },
  'self:read': { customers: true },
  'self:write': { customers: true },
  'self:join': { visitors: true },
  public: { anybody: true },
} as const satisfies Record<string, Row>;

export type Permission = keyof typeof permissions;

/** What keys and staff may both be given: the office's work. */
export type OfficePermission = {
  [P in Permission]: (typeof permissions)[P] extends { scope: string; roles: readonly Role[] }
    ? Exclude<P, 'jobs:read'>
    : never;
}[Permission];

/** Whether a key with these scopes may. */
export function keyMay(scopes: readonly string[], permission: Permission): boolean {
  const { scope, keys }: Row = permissions[permission];
  return keys ?? (scope !== undefined && scopes.includes(scope));
}

/** Whether a role includes a permission. */
export function roleMay(role: Role, permission: Permission): boolean {
  const { roles }: Row = permissions[permission];
  return roles?.includes(role) ?? false;
}

/**
 * Whether a member of staff may. Who answers for some stores only serves and reads: what is written
 * elsewhere than at a counter holds for the whole business.
 */
export function staffMay(
  member: { role: Role; storeIds: readonly StoreId[] | null },
  permission: Permission,
): boolean {
  const { role, storeIds } = member;
  if (!roleMay(role, permission)) return false;
  return storeIds === null || permission.startsWith('counter:') || !permission.endsWith(':write');
}

/** Whether a customer may, with their own records. */
export function customerMay(permission: Permission): boolean {
  const row: Row = permissions[permission];
  return row.customers ?? false;
}
