import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A key of its own for one purpose, derived from the one secret that there is to keep. A key object: Node
 * takes longer to make one of bytes, each time they are used, than to sign or to seal.
 * @param key 32 bytes, base64
 */
export function deriveKey(key: string, purpose: string): KeyObject {
  const derived = hkdfSync('sha256', Buffer.from(key, 'base64'), '', purpose, 32);
  return createSecretKey(Buffer.from(derived));
}

/** Seals bytes with AES-256-GCM under a random IV: base64url of IV, tag and ciphertext. */
export function sealBytes(key: KeyObject, bytes: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error for what was not sealed with this key, or was changed since */
export function openBytes(key: KeyObject, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
    // Without it a tag cut down to 4 bytes would be taken.
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
  return Buffer.concat([body, decipher.final()]);
}
