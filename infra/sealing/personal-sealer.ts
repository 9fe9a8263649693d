import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { PersonalSealer } from '../../queues/personal.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_OPENED_BYTES = 4_000_000;

/**
 * Seals records with AES-256-GCM under a random IV, deflated first: base64url of IV, tag and
 * ciphertext. Its two keys are derived from the contacts' key, so that there is one secret to keep
 * and no text that one of them made means anything to the other.
 * @param key 32 bytes, base64
 */
export function createPersonalSealer(key: string): PersonalSealer {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', purpose, 32));
  const sealing = derive('personal records');
  const comparing = derive('request fingerprints');
  return {
    seal(value) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, sealing, iv);
      const body = cipher.update(deflateRawSync(JSON.stringify(value)));
      const sealed = Buffer.concat([body, cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv(ALGORITHM, sealing, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      const opened = Buffer.concat([body, decipher.final()]);
      const json = inflateRawSync(opened, { maxOutputLength: MAX_OPENED_BYTES }).toString('utf8');
      return JSON.parse(json) as unknown;
    },
    fingerprint: (value) =>
      createHmac('sha256', comparing).update(JSON.stringify(value)).digest('base64url'),
  };
}
