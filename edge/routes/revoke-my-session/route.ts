import { revokeSessionRoute, type SessionDependencies } from '../../sessions.ts';

/** `DELETE /v1/customer/me/sessions/{id}` */
export function revokeMySessionRoute(deps: SessionDependencies) {
  return revokeSessionRoute(deps, 'revoke-my-session', 'customer');
}
