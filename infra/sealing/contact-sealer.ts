import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Contact, ContactSealer } from '../../queues/contact.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals contacts with AES-256-GCM under a random IV: base64url of IV, tag and ciphertext.
 * @param key 32 bytes, base64
 */
export function createContactSealer(key: string): ContactSealer {
  const secret = Buffer.from(key, 'base64');
  return {
    seal(contact) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, secret, iv);
      const body = cipher.update(JSON.stringify([contact.kind, contact.value]), 'utf8');
      const sealed = Buffer.concat([body, cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv(ALGORITHM, secret, bytes.subarray(0, IV_BYTES), {
        // Without it a tag cut down to 4 bytes would be taken.
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      const opened = Buffer.concat([body, decipher.final()]).toString('utf8');
      const [kind, value] = JSON.parse(opened) as [Contact['kind'], string];
      return { kind, value };
    },
  };
}
