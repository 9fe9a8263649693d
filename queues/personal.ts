import { z } from 'zod';
import { CONSENT_PURPOSES } from '../domain/values/consents.ts';
import { text } from './text.ts';

/**
 * Seals what is personal on its way through a queue (see contact.ts: the same key, for whole records
 * instead of one contact).
 */
export interface PersonalSealer {
  /** The same value never looks the same twice. */
  seal(value: object): string;
  /** @throws Error when the text was not sealed with this key */
  open(sealed: string): unknown;
  /**
   * Tells two bodies apart and shows nothing of them to those without the key: what a request is
   * compared by. A plain hash of a phone number can be guessed.
   */
  fingerprint(value: object): string;
}

/** What a command carries instead of personal fields. */
export const sealed = z.string().max(200_000);

const EARLIEST_BIRTHDAY = '1900-01-01';

export const phone = z.e164();
export const email = z.email().max(254).toLowerCase();
const birthday = z.iso
  .date()
  .refine((date) => date >= EARLIEST_BIRTHDAY, { error: 'must be after 1900' });
export const locale = z
  .string()
  .max(35)
  .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/)
  .meta({ description: 'BCP 47.', examples: ['pt-PT'] });
const system = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/);

/** What is known of a customer. */
export const profileFields = {
  phone: phone.optional().meta({ description: 'E.164.' }),
  email: email.optional(),
  name: text({ max: 120 }).optional(),
  birthday: birthday.optional(),
  locale: locale.optional(),
  consents: z
    .strictObject(
      Object.fromEntries(CONSENT_PURPOSES.map((purpose) => [purpose, z.boolean().optional()])) as {
        [Purpose in (typeof CONSENT_PURPOSES)[number]]: z.ZodOptional<z.ZodBoolean>;
      },
    )
    .optional()
    .meta({ description: 'What they answered; leave out what they were not asked.' }),
  externalIds: z
    .record(system, text({ max: 128 }))
    .refine((ids) => Object.keys(ids).length <= 20, { error: 'must be at most 20' })
    .optional()
    .meta({ description: 'Ids that other systems gave them, by system.' }),
};

/** A change of it: null empties a field. */
export const profileChangeFields = {
  phone: phone.nullable().optional(),
  email: email.nullable().optional(),
  name: text({ max: 120 }).nullable().optional(),
  birthday: birthday.nullable().optional(),
  locale: locale.nullable().optional(),
  consents: z
    .strictObject(
      Object.fromEntries(
        CONSENT_PURPOSES.map((purpose) => [purpose, z.boolean().nullable().optional()]),
      ) as {
        [Purpose in (typeof CONSENT_PURPOSES)[number]]: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
      },
    )
    .optional(),
  externalIds: z.record(system, text({ max: 128 }).nullable()).optional(),
};

export const tag = z
  .string()
  .refine((value) => /^[\p{Ll}\p{N}][\p{Ll}\p{N}_-]{0,39}$/u.test(value), {
    error: 'must be lower-case letters, digits, - and _, at most 40',
  })
  .meta({ examples: ['vip'] });

/** At most so many tags on one customer. */
export const MAX_TAGS = 50;
