import { revokeSessionsRoute, type SessionDependencies } from '../../sessions.ts';

/** `DELETE /v1/admin/me/sessions` */
export function revokeMyStaffSessionsRoute(deps: SessionDependencies) {
  return revokeSessionsRoute(deps, 'revoke-my-staff-sessions', 'staff');
}
