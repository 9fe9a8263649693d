import { revokeSessionRoute, type SessionDependencies } from '../../sessions.ts';

/** `DELETE /v1/admin/me/sessions/{id}` */
export function revokeMyStaffSessionRoute(deps: SessionDependencies) {
  return revokeSessionRoute(deps, 'revoke-my-staff-session', 'staff');
}
