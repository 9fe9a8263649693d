/** What a person of the business may be; each is held for the whole business or for named stores. */
export const ROLES = ['owner', 'manager', 'cashier', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/**
 * The only table of who may do what. A route names its permission; a person's role must stand in its
 * row, and a key must have the scope.
 */
export const permissions = {
  'business:read': { scope: 'admin:read', roles: ['owner', 'manager', 'analyst'] },
  'business:write': { scope: 'admin:write', roles: ['owner'] },
  'brands:read': { scope: 'admin:read', roles: ['owner', 'manager', 'analyst'] },
  'brands:write': { scope: 'admin:write', roles: ['owner'] },
  'stores:read': { scope: 'admin:read', roles: ['owner', 'manager', 'analyst'] },
  'stores:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'staff:read': { scope: 'admin:read', roles: ['owner', 'manager'] },
  'staff:write': { scope: 'admin:write', roles: ['owner'] },
  'keys:read': { scope: 'admin:read', roles: ['owner'] },
  'keys:write': { scope: 'admin:write', roles: ['owner'] },
  'programs:read': { scope: 'admin:read', roles: ['owner', 'manager', 'analyst'] },
  'programs:write': { scope: 'admin:write', roles: ['owner', 'manager'] },
  'transactions:inspect': { scope: 'admin:read', roles: ['owner', 'manager', 'analyst'] },
  'audit:read': { scope: 'admin:read', roles: ['owner'] },
} as const satisfies Record<string, { scope: AdminScope; roles: readonly Role[] }>;

export type Permission = keyof typeof permissions;
type AdminScope = 'admin:read' | 'admin:write';

/** Whether a role includes a permission; where (which stores) is asked elsewhere. */
export function roleMay(role: Role, permission: Permission): boolean {
  return (permissions[permission].roles as readonly Role[]).includes(role);
}
