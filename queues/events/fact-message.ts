import { z } from 'zod';
import { idSchema } from '../id-schema.ts';
import { events, type EventType, type OutboxEvent } from './events.ts';

/** One fact as a function is told of it. It carries ids, and nothing that says who somebody is. */
export interface FactMessage {
  businessId: string;
  event: OutboxEvent;
}

const envelope = z.object({
  businessId: idSchema('biz'),
  event: z.object({
    id: z.string(),
    type: z.enum(Object.keys(events) as [EventType, ...EventType[]]),
    data: z.unknown(),
    traceparent: z.string().optional(),
  }),
});

/** As it travels. */
export function writeFactMessage({ businessId, event }: FactMessage): string {
  return JSON.stringify({ businessId, event });
}

/** @throws ZodError or SyntaxError for what is no fact of ours */
export function readFactMessage(body: string): FactMessage {
  const { businessId, event } = envelope.parse(JSON.parse(body));
  const data = events[event.type].data.parse(event.data);
  return { businessId, event: { ...event, data } as OutboxEvent };
}
