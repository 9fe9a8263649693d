import type { Redis } from 'ioredis';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { CARD_EVENTS_CHANNEL } from '../../queues/outcome.ts';

/**
 * Tells open screens what happened to their cards: each customer's events go to the channel
 * `<prefix>:card-events:<customerId>`. Pub/sub keeps nothing: a screen that was away asks the books.
 */
export function createOpenScreens(redis: Redis, prefix: string) {
  return {
    name: 'open-screens',
    async deliver(rows: readonly { events: readonly OutboxEvent[] }[]): Promise<void> {
      const pipeline = redis.pipeline();
      for (const event of rows.flatMap((row) => row.events)) {
        if (!isForScreens(event)) continue;
        pipeline.publish(channelOf(prefix, event.data.customerId), JSON.stringify(event));
      }
      const results = await pipeline.exec();
      const failure = results?.find(([error]) => error !== null)?.[0];
      if (failure) throw failure;
    },
  };
}

/** What happens to a card, and to whose record the cards are. */
const ABOUT_CUSTOMERS: ReadonlySet<string> = new Set([
  'customer.merged',
  'customer.unmerged',
  'customer.erased',
]);

function isForScreens(event: OutboxEvent): event is OutboxEvent & { data: { customerId: string } } {
  return 'cardId' in event.data || ABOUT_CUSTOMERS.has(event.type);
}

const channelOf = (prefix: string, customerId: string) =>
  `${prefix}:${CARD_EVENTS_CHANNEL}:${customerId}`;

/** Somebody who watches a customer's cards. */
export interface Watcher {
  onEvent(event: OutboxEvent): void;
  /** Something may have been missed. */
  onGap(): void;
}

/**
 * Follows customers whose screens are open, over one connection for all: Redis sends an edge what its
 * own screens show, and nothing else.
 * @param redis a connection that subscribes, and subscribes again by itself when it was away
 */
export function createCardNews(redis: Redis, prefix: string) {
  const watchers = new Map<string, Set<Watcher>>();
  redis.on('message', (channel: string, message: string) => {
    const watching = watchers.get(channel);
    if (!watching) return;
    const event = JSON.parse(message) as OutboxEvent;
    for (const watcher of watching) watcher.onEvent(event);
  });
  let wasAway = false;
  redis.on('close', () => (wasAway = true));
  redis.on('ready', () => {
    if (!wasAway) return;
    wasAway = false;
    for (const watcher of [...watchers.values()].flatMap((all) => [...all])) watcher.onGap();
  });

  return {
    /**
     * Calls back with everything that happens from when it resolves.
     * @returns stop
     */
    async follow(customerId: string, watcher: Watcher): Promise<() => void> {
      const channel = channelOf(prefix, customerId);
      const watching = watchers.get(channel) ?? new Set();
      watchers.set(channel, watching.add(watcher));
      const stop = () => {
        watching.delete(watcher);
        if (watching.size > 0 || watchers.get(channel) !== watching) return;
        watchers.delete(channel);
        redis.unsubscribe(channel).catch(() => undefined);
      };
      try {
        // Also when somebody else follows already: their subscription may still be on its way.
        await redis.subscribe(channel);
      } catch (error) {
        stop();
        throw error;
      }
      return stop;
    },
  };
}
