import { randomBytes } from 'node:crypto';
import { typeidUnboxed } from 'typeid-js';
import type { Id, IdSource } from '../../domain/values/ids.ts';

const CODE_BYTES = 16;

/** Real ids (UUIDv7, so that new rows land together in an index) and 128-bit random codes. */
export const idSource: IdSource = {
  id: (kind) => typeidUnboxed(kind) as string as Id<typeof kind>,
  code: () => randomBytes(CODE_BYTES).toString('base64url'),
};
