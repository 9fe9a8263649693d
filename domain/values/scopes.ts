/** What a key may carry. */
export const API_KEY_SCOPES = [
  'transactions:write',
  'transactions:read',
  'customers:read',
  'rewards:write',
  'admin:read',
  'admin:write',
] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];
