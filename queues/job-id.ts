import { hash } from 'node:crypto';
import type { BusinessId, JobId } from '../domain/values/ids.ts';
import { idOfBytes } from '../domain/values/typeid.ts';
import type { Principal } from './envelope.ts';

/**
 * The id of the job that a post makes. Derived from what makes a post the same post, so that a
 * repeat names the same job even when nobody remembers the first: SHA-256 over business, principal,
 * command and key, folded into a UUIDv8 (RFC 9562 §5.8) and written as a TypeID. It never holds a
 * `:` and is never all digits, which BullMQ would refuse or misread.
 */
export function jobIdFor(post: {
  businessId: BusinessId;
  principal: Principal;
  command: string;
  key: string;
}): JobId {
  const identity = [
    post.businessId,
    post.principal.kind,
    post.principal.id,
    post.command,
    post.key,
  ];
  const digest = hash('sha256', JSON.stringify(identity), 'buffer');
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return idOfBytes('job', digest);
}

/** SHA-256 of a parsed body, base64url. Parsing fixes the order of fields, so spelling is no matter. */
export function hashRequest(body: unknown): string {
  return hash('sha256', JSON.stringify(body), 'base64url');
}
