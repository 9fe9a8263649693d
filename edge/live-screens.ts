import type { BusinessId, CustomerId } from '../domain/values/ids.ts';
import type { OutboxEvent } from '../queues/events/events.ts';
import { presentCard } from './card-view.ts';
import type { CustomerView, InBusiness } from './ports.ts';
import { Problem } from './problems.ts';

/** A connection that stays open and is written to. */
export interface LiveConnection {
  send(text: string): void;
  end(): void;
  /** Calls back once, when it has ended, whoever ended it. */
  onEnd(listener: () => void): void;
}

/** Follows what happens to a customer's cards. */
export interface CardNews {
  follow(
    customerId: string,
    watcher: { onEvent(event: OutboxEvent): void; onGap(): void },
  ): Promise<() => void>;
}

export interface LiveScreensDependencies {
  news: CardNews;
  /** What a customer holds, from the books themselves: what is kept close may be a moment old. */
  readHoldings(
    businessId: BusinessId,
    customerId: CustomerId,
  ): Promise<Pick<CustomerView, 'cards' | 'rewards'>>;
  inBusiness: InBusiness;
  /** How often a screen hears that nothing has happened; proxies cut what is silent for a minute. */
  heartbeatMs: number;
  /** In [0, 1). */
  random: () => number;
  onTrouble: (error: unknown) => void;
}

export interface ScreenRequest {
  businessId: BusinessId;
  customerId: CustomerId;
  /** Of the last event that the screen has seen; undefined for one that is new. */
  lastEventId: string | undefined;
  /** Whether who watches may still do so. */
  stillHolds: () => Promise<boolean>;
}

/** Open at once for one customer; the oldest makes room, for it is the one that nobody looks at. */
const PER_CUSTOMER = 5;
const PER_EDGE = 2_000;
const MAX_CURSOR_LENGTH = 2_000;
/** Screens that ask anew at once, such as after an outage, do so spread over these. */
const SPREAD_MS = 3_000;

/** The screens that are open at this edge. */
export function createLiveScreens(deps: LiveScreensDependencies) {
  const open = new Map<CustomerId, Set<LiveScreen>>();
  let count = 0;

  function makeRoom(customerId: CustomerId): Set<LiveScreen> {
    if (count >= PER_EDGE) throw new Problem('unavailable', { headers: { 'Retry-After': '10' } });
    const screens = open.get(customerId) ?? new Set();
    open.set(customerId, screens);
    const [oldest] = screens;
    if (oldest && screens.size >= PER_CUSTOMER) oldest.end();
    return screens;
  }

  return {
    /** Shows a customer's cards on a connection until it ends. @throws Problem `unavailable` */
    show(request: ScreenRequest): (connection: LiveConnection) => void {
      const screens = makeRoom(request.customerId);
      return (connection) => {
        const screen = new LiveScreen(deps, request, connection);
        screens.add(screen);
        count += 1;
        connection.onEnd(() => {
          screen.stop();
          screens.delete(screen);
          if (screens.size === 0 && open.get(request.customerId) === screens) {
            open.delete(request.customerId);
          }
          count -= 1;
        });
        void screen.start();
      };
    },
    /** Ends all of them; they ask again, and find another edge. */
    close(): void {
      for (const screen of [...open.values()].flatMap((screens) => [...screens])) screen.end();
    },
  };
}

export type LiveScreens = ReturnType<typeof createLiveScreens>;

/** One customer's cards on one connection. */
class LiveScreen {
  readonly #deps: LiveScreensDependencies;
  readonly #request: ScreenRequest;
  readonly #connection: LiveConnection;
  /** By card, the last of its events that the screen has seen. */
  readonly #seen: Map<string, number>;
  readonly #heartbeat: NodeJS.Timeout;
  #resync: NodeJS.Timeout | undefined;
  #unfollow: (() => void) | undefined;
  #isStopped = false;

  constructor(deps: LiveScreensDependencies, request: ScreenRequest, connection: LiveConnection) {
    this.#deps = deps;
    this.#request = request;
    this.#connection = connection;
    this.#seen = readCursor(request.lastEventId);
    this.#heartbeat = setInterval(() => void this.#beat(), deps.heartbeatMs);
  }

  /** First follows, then asks the books: so nothing falls between the two. */
  async start(): Promise<void> {
    const { customerId } = this.#request;
    this.#connection.send(`retry: ${1_000 + Math.round(this.#deps.random() * SPREAD_MS)}\n\n`);
    try {
      const unfollow = await this.#deps.news.follow(customerId, {
        onEvent: (event) => this.#tell(event),
        onGap: () => this.#askAgainSoon(),
      });
      if (this.#isStopped) return unfollow();
      this.#unfollow = unfollow;
      await this.#ask();
    } catch (error) {
      this.#deps.onTrouble(error);
      this.end();
    }
  }

  end(): void {
    this.#connection.end();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#resync);
    this.#unfollow?.();
  }

  /** Shows the cards of which the screen has not seen the last event. */
  async #ask(): Promise<void> {
    const { businessId, customerId } = this.#request;
    const { cards, rewards } = await this.#deps.inBusiness(businessId, () =>
      this.#deps.readHoldings(businessId, customerId),
    );
    if (this.#isStopped) return;
    for (const card of cards) {
      if (this.#seen.get(card.id) === card.sequence) continue;
      this.#seen.set(card.id, card.sequence);
      const own = rewards.filter((reward) => reward.cardId === card.id);
      this.#send('card.state', { card: presentCard(card), rewards: own });
    }
  }

  #tell(event: OutboxEvent): void {
    if (!('cardId' in event.data)) return this.end();
    if ('sequence' in event.data) {
      const { cardId, sequence } = event.data;
      const seen = this.#seen.get(cardId);
      // Facts may come in another order; what the screen was shown as the state is not told again.
      if (seen !== undefined && sequence <= seen) return;
      this.#seen.set(cardId, sequence);
    }
    this.#send(event.type, event);
  }

  #send(type: string, data: object): void {
    const id = writeCursor(this.#seen);
    this.#connection.send(`event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #askAgainSoon(): void {
    clearTimeout(this.#resync);
    this.#resync = setTimeout(() => {
      this.#ask().catch((error: unknown) => {
        this.#deps.onTrouble(error);
        this.end();
      });
    }, this.#deps.random() * SPREAD_MS);
  }

  /** A token that has expired or was revoked, and a customer who is none any more, see no more. */
  async #beat(): Promise<void> {
    const holds = await this.#request.stillHolds().catch(() => false);
    if (holds) this.#connection.send(':\n\n');
    else this.end();
  }
}

/** What a screen has seen of each of its cards, as it names it when it comes back. */
function writeCursor(seen: ReadonlyMap<string, number>): string {
  return [...seen].map(([cardId, sequence]) => `${cardId}.${sequence}`).join('~');
}

/** Anything that we did not write is the same as nothing: then all is shown. */
function readCursor(text: string | undefined): Map<string, number> {
  const seen = new Map<string, number>();
  if (text === undefined || text.length > MAX_CURSOR_LENGTH) return seen;
  for (const part of text.split('~')) {
    const [, cardId, sequence] = /^(crd_[\da-z]{26})\.(\d{1,9})$/.exec(part) ?? [];
    if (cardId !== undefined) seen.set(cardId, Number(sequence));
  }
  return seen;
}
