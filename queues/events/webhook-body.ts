import { z } from 'zod';
import { type EventId, timeOfId } from '../../domain/values/ids.ts';
import { defineEvent } from '../define.ts';

/** Sent when somebody asks for it: it is no fact, so it is not among those that leave by themselves. */
export const webhookTest = defineEvent({
  type: 'webhook.test',
  version: 1,
  about: 'Nothing has happened: somebody tries whether the endpoint works.',
  data: z.strictObject({ endpointId: z.string() }),
});

/** Bodies stay below it, so that no receiver has to expect more. */
export const MAX_WEBHOOK_BYTES = 20_000;
/** Of a list in a body that would be longer. */
const LIST_KEPT = 100;

/**
 * An event as receivers get it (Standard Webhooks): type, when it happened, and what. Only lists can
 * make one long; then they are cut, and `truncated` says so.
 */
export function webhookBody(event: { id: string; type: string; data: object }): string {
  const { type, data } = event;
  const timestamp = new Date(timeOfId(event.id as EventId)).toISOString();
  const body = JSON.stringify({ type, timestamp, data });
  if (Buffer.byteLength(body) < MAX_WEBHOOK_BYTES) return body;
  const cut = Object.entries(data).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? value.slice(0, LIST_KEPT) : value,
  ]);
  return JSON.stringify({
    type,
    timestamp,
    data: { ...Object.fromEntries(cut), truncated: true },
  });
}
