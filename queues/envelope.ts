import { z } from 'zod';
import { idPattern } from '../domain/values/ids.ts';

/**
 * Who sent a command: a till or server of the business (its name survives key rotation), one of its
 * staff, a customer, or Regulars itself on a schedule.
 */
export const principalSchema = z.strictObject({
  kind: z.enum(['integration', 'staff', 'customer', 'system']),
  id: z.string().min(1).max(64),
  /** What a member of staff was when they sent it; the worker asks whether they still are. */
  role: z.string().max(32).optional(),
});
export type Principal = z.output<typeof principalSchema>;

/** What every message is wrapped in. Times are RFC 3339 in UTC. */
export const envelopeSchema = z.strictObject({
  id: z.templateLiteral(['job_', z.string()]),
  type: z.string(),
  version: z.int().positive(),
  businessId: z.templateLiteral(['biz_', z.string()]).check(z.regex(idPattern('biz'))),
  principal: principalSchema,
  /** SHA-256 of the request body in canonical form, base64url: tells a repeat from a conflict. */
  requestHash: z.string().length(43),
  receivedAt: z.iso.datetime(),
  /** W3C trace context of the request, so that one trace runs from the POST to the webhook. */
  traceparent: z.string().max(128).optional(),
  payload: z.unknown(),
});

export type Envelope<Payload = unknown> = Omit<z.output<typeof envelopeSchema>, 'payload'> & {
  payload: Payload;
};
