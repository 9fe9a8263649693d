import type { Route } from '../route.ts';
import type { SessionDependencies } from '../sessions.ts';
import { listMySessionsRoute } from './list-my-sessions/route.ts';
import { listMyStaffSessionsRoute } from './list-my-staff-sessions/route.ts';
import { revokeMySessionRoute } from './revoke-my-session/route.ts';
import { revokeMySessionsRoute } from './revoke-my-sessions/route.ts';
import { revokeMyStaffSessionRoute } from './revoke-my-staff-session/route.ts';
import { revokeMyStaffSessionsRoute } from './revoke-my-staff-sessions/route.ts';

/** Where customers and staff are signed in. */
export function sessionRoutes(deps: SessionDependencies): Route[] {
  return [
    listMySessionsRoute(deps),
    revokeMySessionRoute(deps),
    revokeMySessionsRoute(deps),
    listMyStaffSessionsRoute(deps),
    revokeMyStaffSessionRoute(deps),
    revokeMyStaffSessionsRoute(deps),
  ];
}
