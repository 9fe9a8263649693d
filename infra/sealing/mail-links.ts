import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BusinessId, CustomerId, StaffId } from '../../domain/values/ids.ts';
import {
  isCustomerMail,
  type RefusableMail,
  REFUSABLE_MAILS,
} from '../../domain/values/mail-kinds.ts';
import { fromUuid, toUuid } from '../postgres/ids.ts';
import { deriveKey } from './gcm.ts';

/** Whose mail a link ends, and which. */
export interface MailLink {
  businessId: BusinessId;
  personId: CustomerId | StaffId;
  kind: RefusableMail;
}

const ID_BYTES = 16;
const BODY_BYTES = 2 * ID_BYTES + 1;
const MAC_BYTES = 16;

/**
 * The part of a link by which a mail's reader is known without signing in: whose it is and of which
 * kind, and a MAC over both (HMAC-SHA-256, cut to 128 bits), in base64url. It never ends, because a
 * mail is kept for years; all that it can do is to end mail.
 * @param key 32 bytes, base64; the MAC uses a key of its own, derived from it
 */
export function createMailLinks(key: string) {
  const secret = deriveKey(key, 'mail links');
  const mac = (body: Buffer) =>
    createHmac('sha256', secret).update(body).digest().subarray(0, MAC_BYTES);
  return {
    make({ businessId, personId, kind }: MailLink): string {
      const place = REFUSABLE_MAILS.indexOf(kind);
      const body = Buffer.concat([bytesOf(businessId), bytesOf(personId), Buffer.from([place])]);
      return Buffer.concat([body, mac(body)]).toString('base64url');
    },
    /** Undefined for one that we did not make. */
    read(token: string): MailLink | undefined {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== BODY_BYTES + MAC_BYTES) return undefined;
      const body = bytes.subarray(0, BODY_BYTES);
      if (!timingSafeEqual(bytes.subarray(BODY_BYTES), mac(body))) return undefined;
      const kind = REFUSABLE_MAILS[body[BODY_BYTES - 1] ?? -1];
      if (kind === undefined) return undefined;
      const person = uuidOf(body.subarray(ID_BYTES, 2 * ID_BYTES));
      return {
        businessId: fromUuid('biz', uuidOf(body.subarray(0, ID_BYTES))),
        personId: fromUuid(isCustomerMail(kind) ? 'cus' : 'stf', person),
        kind,
      };
    },
  };
}

/**
 * What an address is remembered by when mail to it does not arrive. With a key, because a plain hash
 * of an address can be guessed.
 */
export function createAddressHash(key: string): (address: string) => Buffer {
  const secret = deriveKey(key, 'mail addresses');
  return (address) => createHmac('sha256', secret).update(address.trim().toLowerCase()).digest();
}

function bytesOf(id: Parameters<typeof toUuid>[0]): Buffer {
  return Buffer.from(toUuid(id).replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
