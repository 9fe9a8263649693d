import { listSessionsRoute, type SessionDependencies } from '../../sessions.ts';

/** `GET /v1/admin/me/sessions` */
export function listMyStaffSessionsRoute(deps: SessionDependencies) {
  return listSessionsRoute(deps, 'list-my-staff-sessions', 'staff');
}
