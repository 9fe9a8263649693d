import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { Problem } from '../problems.ts';
import { WINDOW_MS } from './rate-limit.ts';

/** More addresses than these at once and counting begins anew: it must not cost an edge its memory. */
const MAX_ADDRESSES = 10_000;
/** One bit for each credential that was good lately, some of them shared: 32 kB for a city's tills and phones. */
const BITS = 2 ** 18;
const REMEMBERED_MS = 3_600_000;
/** Of a key's random digits or a token's signature. */
const HASHED_CHARACTERS = 32;

/**
 * Whoever sends keys and tokens that do not hold is anonymous, however they are called: from one address
 * only so many a minute are looked up, or each would cost the database a question. What was good within
 * the hour is always looked up, so that nobody locks a café's tills or a network's phones out. Counted
 * by each edge for itself, because what is not looked up should cost nobody anything.
 */
export function createRefusals(options: { perMinute: number; now: () => number }) {
  const { perMinute, now } = options;
  const counts = new Map<string, { refused: number; until: number }>();
  let good = new Uint8Array(BITS / 8);
  let goodBefore = new Uint8Array(BITS / 8);
  let renewedAt = now();

  const isGood = (bit: number) =>
    (((good[bit >> 3] ?? 0) | (goodBefore[bit >> 3] ?? 0)) & (1 << (bit & 7))) !== 0;

  return {
    /** @throws Problem `too-many-requests` for what nobody has seen hold, from an address that sent too much such */
    check(request: Request, credential: string): void {
      if (counts.size === 0) return;
      const count = counts.get(addressOf(request));
      if (!count || count.refused < perMinute) return;
      const leftMs = count.until - now();
      if (leftMs <= 0 || isGood(bitOf(credential))) return;
      const retryAfter = String(Math.ceil(leftMs / 1_000));
      throw new Problem('too-many-requests', { headers: { 'Retry-After': retryAfter } });
    },

    /** It held. */
    accepted(credential: string): void {
      if (now() - renewedAt > REMEMBERED_MS) {
        [goodBefore, good] = [good, new Uint8Array(BITS / 8)];
        renewedAt = now();
      }
      const bit = bitOf(credential);
      good[bit >> 3] = (good[bit >> 3] ?? 0) | (1 << (bit & 7));
    },

    /** It did not, or is of somebody whom nobody here knows. */
    refused(request: Request): void {
      const address = addressOf(request);
      const count = counts.get(address);
      if (count && count.until > now()) {
        count.refused += 1;
        return;
      }
      if (counts.size >= MAX_ADDRESSES) counts.clear();
      counts.set(address, { refused: 1, until: now() + WINDOW_MS });
    },
  };
}

export type Refusals = ReturnType<typeof createRefusals>;

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

/** FNV-1a of what is random in it. */
function bitOf(credential: string): number {
  let hash = 0x811c9dc5;
  for (let i = Math.max(0, credential.length - HASHED_CHARACTERS); i < credential.length; i += 1) {
    hash = Math.imul(hash ^ credential.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % BITS;
}
