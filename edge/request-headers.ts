import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from './problems.ts';
import type { RequestHeaders } from './route.ts';

const MAX_KEY_LENGTH = 255;
const MAX_WAIT_SECONDS = 10;
// https://www.w3.org/TR/trace-context/#traceparent-header
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/**
 * Reads the headers that mean something to routes.
 * @throws Problem `malformed-header` for an Idempotency-Key that is empty, too long or not printable
 *   ASCII, and for a wait that is not a number of seconds
 */
export function readHeaders(headers: IncomingHttpHeaders): RequestHeaders {
  const traceparent = headers['traceparent'];
  return {
    idempotencyKey: readIdempotencyKey(headers['idempotency-key']),
    waitSeconds: readWait(headers['prefer']),
    traceparent:
      typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    accept: headers.accept,
    lastEventId: lastEventIdOf(headers),
  };
}

function lastEventIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}

/**
 * The revision that If-Match names. An entity tag that is none of ours names a revision that never was.
 * @throws Problem `precondition-required` without the header, `malformed-header` for anything but one
 *   strong entity tag: `*` would overwrite what its sender never saw
 */
export function readRevision(headers: RequestHeaders): number {
  const { ifMatch } = headers;
  if (ifMatch === undefined) throw new Problem('precondition-required');
  const tag = /^"([\x21\x23-\x7e]*)"$/.exec(ifMatch)?.[1];
  if (tag === undefined) throw malformed('If-Match', 'must be one ETag, as a GET answered it');
  if (!/^[1-9]\d{0,8}$/.test(tag)) throw new Problem('precondition-failed');
  return Number(tag);
}

/** Bare, or quoted as the IETF draft has it (draft-ietf-httpapi-idempotency-key-header). */
function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (key.length > 0 && key.length <= MAX_KEY_LENGTH && /^[\x20-\x7e]+$/.test(key)) return key;
  throw malformed('Idempotency-Key', `must be 1 to ${MAX_KEY_LENGTH} printable ASCII characters`);
}

/** `Prefer: wait=N` (RFC 7240 §4.3); longer waits than 10 s are cut to 10 s. */
function readWait(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const preference = String(header)
    .split(',')
    .map((part) => part.trim())
    .find((part) => part.toLowerCase().startsWith('wait'));
  if (preference === undefined) return undefined;
  const seconds = /^wait\s*=\s*(\d{1,4})$/i.exec(preference)?.[1];
  if (seconds === undefined) throw malformed('Prefer', 'wait must be a whole number of seconds');
  return Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

function malformed(header: string, detail: string): Problem {
  return new Problem('malformed-header', {
    detail: `${header} ${detail}.`,
    errors: [{ pointer: header, code: 'malformed', detail }],
  });
}
