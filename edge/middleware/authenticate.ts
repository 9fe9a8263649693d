import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { isWellFormedApiKey } from '../../domain/tenancy/api-key.ts';
import type { FindApiKey, PosPrincipal, Scope } from '../ports.ts';
import { Problem } from '../problems.ts';

const BEARER = /^Bearer ([\x21-\x7e]+)$/i;
const KEY_PARAMETERS = ['key', 'api_key', 'apiKey', 'access_token', 'token'];

/**
 * Finds out who calls, and keeps it in `response.locals.principal`.
 * Answers 401 `unauthenticated` for a missing, mistyped, unknown or revoked key, and 400 for a key
 * in the query, where logs and histories would keep it.
 */
export function authenticate(findApiKey: FindApiKey): RequestHandler {
  return async (request, response, next) => {
    if (request.originalUrl.includes('?') && KEY_PARAMETERS.some((name) => name in request.query)) {
      throw new Problem('malformed-query', { detail: 'Send the key in the Authorization header.' });
    }
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (!key || !isWellFormedApiKey(key)) throw unauthenticated();
    const principal = await findApiKey(hash('sha256', key, 'buffer'));
    if (!principal) throw unauthenticated();
    response.locals['principal'] = principal;
    next();
  };
}

/** Answers 403 `forbidden` when the key lacks the scope. */
export function requireScope(scope: Scope): RequestHandler {
  return (_request, response, next) => {
    const { scopes } = response.locals['principal'] as PosPrincipal;
    if (!scopes.includes(scope)) {
      throw new Problem('forbidden', { detail: `The key lacks the scope ${scope}.` });
    }
    next();
  };
}

function unauthenticated(): Problem {
  return new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
}
