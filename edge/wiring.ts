import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { createAccounts } from '../infra/cognito/accounts.ts';
import { readPools, signInPoolOf } from '../infra/cognito/pools.ts';
import { createTokenVerifier } from '../infra/cognito/token-verifier.ts';
import type { EdgeConfig } from '../infra/config/config.ts';
import {
  findCustomerMemberships,
  findInvitations,
  findStaffMemberships,
} from '../infra/postgres/memberships.ts';
import { createMembershipCache } from '../infra/redis/membership-cache.ts';
import { createTokenCache } from '../infra/redis/token-cache.ts';
import type { CommandGate } from './command-gate.ts';
import { createAcceptInvitations } from './invitations.ts';
import type { SignInDependencies } from './routes/sign-in-routes.ts';
import { createFindPerson, type FindPerson } from './sign-in.ts';

/** How people are told from one another, and what their routes need. */
export interface People extends SignInDependencies {
  findPerson: FindPerson;
}

/** Joins the sign-in service, the caches and the books for people. */
export function createPeople(parts: {
  config: EdgeConfig;
  pool: Pool;
  redis: Redis;
  gate: CommandGate;
  now: () => number;
}): People {
  const { config, pool, redis, gate, now } = parts;
  const { REDIS_PREFIX: prefix, COGNITO_ENDPOINT: endpoint } = config;
  const pools = readPools(config);
  const tokens = createTokenCache({
    redis,
    prefix,
    verify: pools ? createTokenVerifier({ pools, endpoint }) : async () => undefined,
    now,
  });
  const memberships = { redis, prefix, now };
  const staff = createMembershipCache({
    ...memberships,
    name: 'staff',
    find: (subject) => findStaffMemberships(pool, subject),
  });
  const customers = createMembershipCache({
    ...memberships,
    name: 'customers',
    find: (subject) => findCustomerMemberships(pool, subject),
  });
  const accounts = pools && createAccounts({ pools, endpoint });
  return {
    accounts,
    signInPools: pools && {
      customers: signInPoolOf(pools.customers, config.COGNITO_CUSTOMERS_DOMAIN),
      staff: signInPoolOf(pools.staff, config.COGNITO_STAFF_DOMAIN),
    },
    revokeToken: (token) => tokens.revoke(token),
    findPerson: createFindPerson({
      verifyToken: (token) => tokens.verify(token),
      memberships: {
        ofStaff: staff,
        ofCustomer: customers,
      },
      acceptInvitations: accounts
        ? createAcceptInvitations({
            accounts,
            gate,
            findInvitations: (email) => findInvitations(pool, email),
            now,
          })
        : async () => false,
    }),
  };
}
