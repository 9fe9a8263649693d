import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { profileFields, sealed } from '../personal.ts';

const { name, birthday, locale, consents } = profileFields;
const told = { name, birthday, locale, consents };

/** Somebody who has signed in becomes a customer, or turns out to be one that a till knows. */
export const joinBusiness = defineCommand({
  name: 'join-business',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({ businessId: idSchema('biz'), ...told }),
  /** `sealed` holds what they told of themselves, and which contacts they have proved. */
  payload: z.strictObject({ subject: z.string().min(1).max(64), sealed }),
});

export const sealedJoining = z.strictObject({
  told: z.strictObject(told),
  proven: z.strictObject({ email: profileFields.email, phone: profileFields.phone }),
});
