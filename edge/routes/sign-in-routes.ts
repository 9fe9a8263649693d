import type { AccountDependencies, SignInPool } from '../accounts.ts';
import type { Pool } from '../ports.ts';
import type { Route } from '../route.ts';
import { confirmAccountRoute } from './confirm-account/route.ts';
import { confirmForgotPasswordRoute } from './confirm-forgot-password/route.ts';
import { forgotPasswordRoute } from './forgot-password/route.ts';
import { getSignInConfigRoute } from './get-sign-in-config/route.ts';
import { refreshSessionRoute } from './refresh-session/route.ts';
import { registerAccountRoute } from './register-account/route.ts';
import { signInRoute } from './sign-in/route.ts';
import { signOutRoute } from './sign-out/route.ts';

export interface SignInDependencies extends AccountDependencies {
  signInPools: Readonly<Record<Pool, SignInPool>> | undefined;
  /** Ends the session that an access token is of: it and all others of that sign-in are refused. */
  endSession: (accessToken: string) => Promise<void>;
  /** Ends every session of whoever has this token. Returns when a new one may begin. */
  endSessions: (accessToken: string) => Promise<void>;
}

/** How people get their tokens. */
export function signInRoutes(deps: SignInDependencies): Route[] {
  return [
    getSignInConfigRoute(deps),
    registerAccountRoute(deps),
    confirmAccountRoute(deps),
    signInRoute(deps),
    refreshSessionRoute(deps),
    signOutRoute(deps),
    forgotPasswordRoute(deps),
    confirmForgotPasswordRoute(deps),
  ];
}
