import { createSecretKey } from 'node:crypto';
import type { Contact, ContactSealer } from '../../queues/contact.ts';
import { openBytes, sealBytes } from './gcm.ts';

/**
 * Seals contacts.
 * @param key 32 bytes, base64
 */
export function createContactSealer(key: string): ContactSealer {
  const secret = createSecretKey(key, 'base64');
  return {
    seal: ({ kind, value }) => sealBytes(secret, Buffer.from(JSON.stringify([kind, value]))),
    open(text) {
      const opened = openBytes(secret, text).toString('utf8');
      const [kind, value] = JSON.parse(opened) as [Contact['kind'], string];
      return { kind, value };
    },
  };
}
