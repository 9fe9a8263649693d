import { createHmac } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { PersonalSealer } from '../../queues/personal.ts';
import { deriveKey, openBytes, sealBytes } from './gcm.ts';

const MAX_OPENED_BYTES = 4_000_000;

/**
 * Seals records, deflated first. Its two keys are derived from the contacts' key, so that there is one
 * secret to keep and no text that one of them made means anything to the other.
 * @param key 32 bytes, base64
 */
export function createPersonalSealer(key: string): PersonalSealer {
  const sealing = deriveKey(key, 'personal records');
  const comparing = deriveKey(key, 'request fingerprints');
  return {
    seal: (value) => sealBytes(sealing, deflateRawSync(JSON.stringify(value))),
    open(text) {
      const opened = openBytes(sealing, text);
      const json = inflateRawSync(opened, { maxOutputLength: MAX_OPENED_BYTES }).toString('utf8');
      return JSON.parse(json) as unknown;
    },
    fingerprint: (value) =>
      createHmac('sha256', comparing).update(JSON.stringify(value)).digest('base64url'),
  };
}
