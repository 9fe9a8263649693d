import { hash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { isWellFormedApiKey } from '../../domain/tenancy/api-key.ts';
import {
  customerMay,
  keyMay,
  type Permission,
  permissions,
  staffMay,
} from '../../domain/tenancy/permissions.ts';
import type { Caller, FindApiKey, VisitorPrincipal } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { Refusals } from './refusals.ts';
import type { FindPerson } from '../sign-in.ts';

const BEARER = /^Bearer ([\x21-\x7e]+)$/i;
/** Three parts of base64url, as RFC 7519 has it; who signed it is asked later. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const MAX_TOKEN_LENGTH = 8_192;
const KEY_PARAMETERS = ['key', 'api_key', 'apiKey', 'access_token', 'token'];

/**
 * Finds out who calls, by key or by token, and keeps it in `response.locals.principal`.
 * Answers 401 `unauthenticated` for a missing, mistyped, unknown or revoked key and for a token that
 * does not hold, and 400 for more than one of them and for one in the query, where logs and
 * histories would keep it.
 */
export function authenticate(
  find: { apiKey: FindApiKey; person: FindPerson },
  permission: Permission,
  refusals: Refusals,
): RequestHandler {
  const isOpen = 'anybody' in permissions[permission];
  const isForVisitors = 'visitors' in permissions[permission];

  return async (request, response, next) => {
    refuseKeyInQuery(request);
    if (isOpen) return next();
    const credential = readCredential(request);
    refusals.check(request, credential);
    if (isWellFormedApiKey(credential)) {
      const principal = await find.apiKey(hash('sha256', credential, 'buffer'));
      if (!principal) {
        refusals.refused(request);
        throw unauthenticated();
      }
      refusals.accepted(credential);
      response.locals['principal'] = principal;
      return next();
    }
    if (!TOKEN.test(credential) || credential.length > MAX_TOKEN_LENGTH) throw unauthenticated();
    const { 'regulars-business': business, 'user-agent': device } = request.headers;
    const look = () =>
      isForVisitors
        ? find.person.asVisitor(credential, device)
        : find.person.asMember(credential, business, device);
    const person = await look().catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'not-a-member') refusals.refused(request);
      throw error;
    });
    if (!person) {
      refusals.refused(request);
      throw unauthenticated();
    }
    refusals.accepted(credential);
    response.locals['principal'] = person;
    response.locals['stillHolds'] = async () => isSame(person, await look());
    next();
  };
}

/** Whether somebody is still who they were: the same person, known to the same business. */
function isSame(before: People, now: People | undefined): boolean {
  if (now?.kind !== before.kind || now.subject !== before.subject) return false;
  return now.kind !== 'customer' || before.kind !== 'customer'
    ? true
    : now.customerId === before.customerId;
}
type People = NonNullable<Awaited<ReturnType<FindPerson['asMember' | 'asVisitor']>>>;

/** Answers 403 `forbidden` when the caller may not. */
export function requirePermission(permission: Permission): RequestHandler {
  return (_request, response, next) => {
    const principal = response.locals['principal'] as Caller | VisitorPrincipal | undefined;
    if (!isAllowed(principal, permission)) {
      throw new Problem('forbidden', { detail: whyNot(principal, permission) });
    }
    next();
  };
}

function isAllowed(principal: Caller | VisitorPrincipal | undefined, permission: Permission) {
  switch (principal?.kind) {
    case 'integration':
      return keyMay(principal.scopes, permission);
    case 'staff':
      return staffMay(principal, permission);
    case 'customer':
      return customerMay(permission);
    case 'visitor':
      return 'visitors' in permissions[permission];
    case undefined:
      return 'anybody' in permissions[permission];
    default:
      return principal satisfies never;
  }
}

function whyNot(principal: Caller | VisitorPrincipal | undefined, permission: Permission): string {
  const row = permissions[permission];
  if (principal?.kind === 'staff') return `The role ${principal.role} does not include this.`;
  if (principal?.kind !== 'integration') return 'This is not for customers.';
  if ('scope' in row) return `The key lacks the scope ${row.scope}.`;
  return 'This is for people: sign in instead of sending a key.';
}

function refuseKeyInQuery(request: Request): void {
  if (!request.originalUrl.includes('?')) return;
  if (KEY_PARAMETERS.some((name) => name in request.query)) {
    throw new Problem('malformed-query', { detail: 'Send the key in the Authorization header.' });
  }
}

/** The one credential there is. Node keeps the first of several, so the raw headers are counted. */
function readCredential(request: Request): string {
  const { rawHeaders } = request;
  let credentials = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 13 && name.toLowerCase() === 'authorization') credentials += 1;
    if (name.length === 9 && name.toLowerCase() === 'x-api-key') credentials += 1;
  }
  const { authorization } = request.headers;
  if (credentials > 1 || (authorization && /^Bearer .*[, ]+Bearer /i.test(authorization))) {
    const detail = 'Send one key or one token, not both.';
    const errors = [{ pointer: 'Authorization', code: 'ambiguous', detail }];
    throw new Problem('malformed-header', { detail, errors });
  }
  const credential = BEARER.exec(authorization ?? '')?.[1];
  if (!credential) throw unauthenticated();
  return credential;
}

function unauthenticated(): Problem {
  return new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
}
