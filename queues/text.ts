import { z } from 'zod';

// C0 and C1 controls: PostgreSQL refuses NUL, logs and receipts are garbled by the others.
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

/** Text that every store can hold: well-formed Unicode without control characters. */
export function text(limits: { min?: number; max: number }) {
  return z
    .string()
    .min(limits.min ?? 1)
    .max(limits.max)
    .refine((value) => value.isWellFormed() && !CONTROL_CHARACTERS.test(value), {
      error: 'must be well-formed text without control characters',
    });
}
