import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { ipKeyGenerator, MemoryStore } from 'express-rate-limit';
import type { Operator } from './ports.ts';

/** Somebody who may sign in. */
export interface OperatorAccount extends Operator {
  password: string;
}

const WINDOW_MS = 60_000;
/** More than anybody mistypes in a minute; a day of them is 29,000 guesses. */
const WRONG_PER_WINDOW = 20;

/**
 * HTTP Basic: 401 on every path without a right user and password. An address that sent twenty wrong ones
 * within a minute gets 429 until the minute is over, whatever it sends: a guess must not be told from others.
 */
export function requirePassword(accounts: readonly OperatorAccount[]): RequestHandler {
  const expected = accounts.map(({ password, ...operator }) => ({
    operator,
    credentials: digest(`${operator.name}:${password}`),
  }));
  const wrong = new MemoryStore();
  wrong.init({ windowMs: WINDOW_MS } as Parameters<typeof wrong.init>[0]);

  return async (request, response, next) => {
    const address = ipKeyGenerator(request.ip ?? '');
    const before = await wrong.get(address);
    if (before && before.totalHits >= WRONG_PER_WINDOW) {
      const leftMs = (before.resetTime?.getTime() ?? 0) - Date.now();
      response.set('Retry-After', String(Math.max(1, Math.ceil(leftMs / 1_000))));
      response.status(429).type('text').send('Too many wrong passwords: wait a minute.');
      return;
    }
    const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '')?.[1];
    const given = digest(Buffer.from(encoded ?? '', 'base64').toString('utf8'));
    const found = expected.filter(({ credentials }) => timingSafeEqual(given, credentials))[0];
    if (found) {
      response.locals['operator'] = found.operator;
      return next();
    }
    // A browser asks without, to be asked for it.
    if (encoded !== undefined) await wrong.increment(address);
    response.set('WWW-Authenticate', 'Basic realm="Regulars ops", charset="UTF-8"');
    response.status(401).type('text').send('Sign in with the ops user and password.');
  };
}

/**
 * A page elsewhere must not press our buttons with the password that the browser remembers: browsers say
 * where a request comes from, in one header or the other. What says nothing is no browser.
 */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const isOurs = origin === undefined || URL.parse(origin)?.host === host;
  if (isRead || (isOurs && (site === undefined || site === 'same-origin'))) return next();
  response.status(403).type('text').send('Requests from other origins are refused.');
};

/** Who only looks presses nothing. */
export const operatorsOnly: RequestHandler = (request, response, next) => {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead || operatorOf(response).role === 'operator') return next();
  response.status(403).type('text').send('You are signed in to look, not to act.');
};

/** Who has signed in; behind `requirePassword` there is always somebody. */
export function operatorOf(response: Response): Operator {
  return response.locals['operator'] as Operator;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
