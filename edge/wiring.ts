import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { createAccounts } from '../infra/cognito/accounts.ts';
import { readPools, signInPoolOf } from '../infra/cognito/pools.ts';
import { createTokenVerifier } from '../infra/cognito/token-verifier.ts';
import type { EdgeConfig } from '../infra/config/config.ts';
import { createDynamo } from '../infra/dynamo/client.ts';
import { createDocumentReader } from '../infra/dynamo/document-reader.ts';
import { createSessionStore, SESSION_LIFE_MS } from '../infra/dynamo/session-store.ts';
import { createDocuments, type FindDocuments } from '../infra/postgres/documents.ts';
import {
  findCustomerMemberships,
  findInvitations,
  findStaffMemberships,
} from '../infra/postgres/memberships.ts';
import { createMembershipCache } from '../infra/redis/membership-cache.ts';
import { createSessionMarks, type SessionMarks } from '../infra/redis/session-marks.ts';
import { createTokenCache } from '../infra/redis/token-cache.ts';
import type { CommandGate } from './command-gate.ts';
import { createAcceptInvitations } from './invitations.ts';
import type { SignInDependencies } from './routes/sign-in-routes.ts';
import { createSessionKeeper, keyOf } from './session-keeper.ts';
import type { SessionDependencies, Sessions } from './sessions.ts';
import { createFindPerson, type FindPerson } from './sign-in.ts';

const SECOND_MS = 1_000;

/** How people are told from one another, and what their routes need. */
export interface People extends SignInDependencies, SessionDependencies {
  findPerson: FindPerson;
}

/** Joins the sign-in service, the caches and the books for people. */
export function createPeople(parts: {
  config: EdgeConfig;
  pool: Pool;
  redis: Redis;
  gate: CommandGate;
  now: () => number;
  log: Logger;
}): People {
  const { config, pool, redis, gate, now, log } = parts;
  const { REDIS_PREFIX: prefix, COGNITO_ENDPOINT: endpoint } = config;
  const pools = readPools(config);
  const marks = createSessionMarks({ redis, prefix, lifeMs: SESSION_LIFE_MS });
  const sessions = keepSessions({ config, marks, now, log });
  const tokens = createTokenCache({
    redis,
    prefix,
    verify: pools ? createTokenVerifier({ pools, endpoint }) : async () => undefined,
    isEnded: (owner) => marks.isEnded(keyOf(owner), { ...owner, id: owner.sessionId }),
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
    async endSession(token) {
      const owner = await tokens.verify(token);
      if (!owner) return;
      // The sign-in, not this token alone: others may have been refreshed from it.
      await Promise.all([tokens.revoke(token), marks.end(keyOf(owner), owner.sessionId)]);
      await sessions?.revoke(owner, owner.sessionId).catch((error: unknown) => {
        log.warn({ err: error }, 'a session ended and is still listed');
      });
    },
    async endSessions(token) {
      const owner = await tokens.verify(token);
      if (!owner) return;
      await marks.endAll(keyOf(owner), now());
      // What lists them may be away: they have ended all the same.
      await sessions?.revokeAll(owner).catch((error: unknown) => {
        log.warn({ err: error }, 'sessions ended and are still listed');
      });
      // Tokens tell whole seconds: who signs in within this one would look as if before it.
      await setTimeout(SECOND_MS - (now() % SECOND_MS));
    },
    sessions,
    findPerson: createFindPerson({
      noteSession: (owner, device) => sessions?.note(owner, device),
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

/** Sessions in DynamoDB; undefined where no table is given. */
function keepSessions(parts: {
  config: EdgeConfig;
  marks: SessionMarks;
  now: () => number;
  log: Logger;
}): Sessions | undefined {
  const { config, marks, now, log } = parts;
  const { SESSIONS_TABLE: table, AWS_REGION: region, DYNAMO_ENDPOINT: endpoint } = config;
  if (table === undefined) return undefined;
  return createSessionKeeper({
    table: createSessionStore({ dynamo: createDynamo({ region, endpoint }), table, now }),
    marks,
    now,
    onTrouble: (error) => log.warn({ err: error }, 'a session was not noted'),
  });
}

/** Documents of transactions out of DynamoDB, where a table is given; undefined: the books have them. */
export function openDocuments(parts: {
  config: EdgeConfig;
  pool: Pool;
  now: () => number;
  log: Logger;
}): FindDocuments | undefined {
  const { config, pool, now, log } = parts;
  const { TRANSACTIONS_TABLE: table, AWS_REGION: region, DYNAMO_ENDPOINT: endpoint } = config;
  if (table === undefined) return undefined;
  return createDocuments({
    pool,
    readLog: createDocumentReader({ table, region, endpoint, env: process.env, timeoutMs: 300 }),
    now,
    onTrouble: (error) => log.warn({ err: error }, 'the log of transactions did not answer'),
  });
}
