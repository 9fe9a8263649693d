import { createHash, createHmac } from 'node:crypto';
import { formatApiKey } from '../../domain/tenancy/api-key.ts';
import { deriveKey } from './gcm.ts';

const SECRET_BYTES = 24;
const HINT_LENGTH = 4;

/**
 * Makes the secrets of API keys out of what makes their request unique, so that a request repeated
 * because its answer was lost gets the same key, and none has to be kept anywhere.
 * @param key 32 bytes, base64; secrets use a key of their own, derived from it
 */
export function createApiKeySecrets(key: string) {
  const master = deriveKey(key, 'api keys');
  return {
    make(seed: string): { secret: string; secretHash: string; hint: string } {
      const random = createHmac('sha256', master).update(seed).digest().subarray(0, SECRET_BYTES);
      const secret = formatApiKey(random.toString('hex'));
      return {
        secret,
        secretHash: createHash('sha256').update(secret).digest('hex'),
        hint: secret.slice(-HINT_LENGTH),
      };
    },
  };
}
