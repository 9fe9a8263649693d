import type { Redis } from 'ioredis';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { CARD_EVENTS_CHANNEL } from '../../queues/outcome.ts';

/**
 * Tells open screens what happened to their card: each card's events go to the channel
 * `<prefix>:card-events:<cardId>`. Pub/sub keeps nothing: a screen that was away asks again.
 */
export function createOpenScreens(redis: Redis, prefix: string) {
  return {
    name: 'open-screens',
    async deliver(rows: readonly { events: readonly OutboxEvent[] }[]): Promise<void> {
      const pipeline = redis.pipeline();
      for (const event of rows.flatMap((row) => row.events)) {
        if (!('cardId' in event.data)) continue;
        const channel = `${prefix}:${CARD_EVENTS_CHANNEL}:${event.data.cardId}`;
        pipeline.publish(channel, JSON.stringify(event));
      }
      const results = await pipeline.exec();
      const failure = results?.find(([error]) => error !== null)?.[0];
      if (failure) throw failure;
    },
  };
}
