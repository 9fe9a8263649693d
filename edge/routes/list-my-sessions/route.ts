import { listSessionsRoute, type SessionDependencies } from '../../sessions.ts';

/** `GET /v1/customer/me/sessions` */
export function listMySessionsRoute(deps: SessionDependencies) {
  return listSessionsRoute(deps, 'list-my-sessions', 'customer');
}
