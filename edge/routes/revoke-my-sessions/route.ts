import { revokeSessionsRoute, type SessionDependencies } from '../../sessions.ts';

/** `DELETE /v1/customer/me/sessions` */
export function revokeMySessionsRoute(deps: SessionDependencies) {
  return revokeSessionsRoute(deps, 'revoke-my-sessions', 'customer');
}
