import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { MAX_TAGS, profileFields, sealed, tag } from '../personal.ts';

const open = {
  programIds: z.array(idSchema('prg')).max(20).default([]).meta({
    description: 'Programs in which the customer gets a card.',
  }),
  tags: z.array(tag).max(MAX_TAGS).default([]),
};

export const createCustomer = defineCommand({
  name: 'create-customer',
  version: 1,
  queue: 'transactions',
  body: z
    .strictObject({ ...profileFields, ...open })
    .refine((body) => body.phone ?? body.email ?? body.name ?? body.externalIds, {
      error: 'must have at least one of phone, email, name, externalIds',
    }),
  /** `sealed` holds the fields of the profile. */
  payload: z.strictObject({ ...open, sealed }),
});

export const sealedProfile = z.strictObject(profileFields);
