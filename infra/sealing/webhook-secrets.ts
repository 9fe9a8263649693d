import { createHmac } from 'node:crypto';
import { deriveKey, openBytes, sealBytes } from './gcm.ts';

/** What Standard Webhooks secrets begin with; base64 follows. */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/**
 * Secrets that webhooks are signed with. Made out of what makes their request unique, so that a request
 * repeated because its answer was lost gets the same one; kept and sent on sealed only.
 * @param key 32 bytes, base64; making and sealing use keys of their own, derived from it
 */
export function createWebhookSecrets(key: string) {
  const making = deriveKey(key, 'webhook secrets');
  const sealing = deriveKey(key, 'sealed webhook secrets');
  return {
    make(seed: string): { secret: string; sealedSecret: string } {
      const random = createHmac('sha256', making).update(seed).digest().subarray(0, SECRET_BYTES);
      return {
        secret: PREFIX + random.toString('base64'),
        sealedSecret: sealBytes(sealing, random),
      };
    },
    /** A sealed secret as its receiver has it. @throws Error for one that was sealed by somebody else */
    open: (sealedSecret: string): string =>
      PREFIX + openBytes(sealing, sealedSecret).toString('base64'),
  };
}
