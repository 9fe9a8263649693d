import type { CounterBooks } from '../../domain/counter/counter-books.ts';
import type { BookEntry } from '../../domain/ledger/book-entry.ts';
import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import { giveOffer, type OpenedOffer, windowOf } from '../../domain/offers/give-offer.ts';
import type {
  OfferBooks,
  OfferOrigin,
  ReceiverReference,
} from '../../domain/offers/offer-books.ts';
import type { Offer, OfferInstance } from '../../domain/offers/offer.ts';
import type { CustomerId, IdSource } from '../../domain/values/ids.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { Receiver } from '../../queues/offer-terms.ts';
import { cardIdentity } from './card-events.ts';
import { awardEntry, offerEvents } from './offer-entries.ts';
import { ownCustomers } from './self-award.ts';

export interface GiveOfferRepos {
  books: LedgerBooks;
  offers: OfferBooks;
  counter: CounterBooks;
}

export interface GiveOfferDependencies {
  store: CommandStore<GiveOfferRepos>;
  ids: IdSource;
}

/** What became of one receiver: the offer opened for them, or why not. */
export type GiveEntry = { instance: PresentedOffer } | { refused: string };

export interface PresentedOffer {
  id: string;
  customerId: string;
  cardId: string;
  opensAt: string;
  closesAt: string;
  completedAt: string | null;
}

type Message = Envelope<{ offerId: Offer['id']; receivers: readonly Receiver[] }>;
/** A receiver who is known, with the window that the offer would have for them. */
type Known = { customerId: CustomerId; receivedAt: number; receiver: Receiver };

/**
 * Gives an offer to each receiver who may have it, all in the transaction at hand.
 * @returns one entry per receiver, in order; undefined when there is no such offer
 */
export async function giveToAll(
  repos: GiveOfferRepos,
  message: Message,
  ids: IdSource,
): Promise<GiveEntry[] | undefined> {
  const { businessId } = message;
  const { offerId, receivers } = message.payload;
  const config = await repos.books.loadConfig(businessId);
  const offer = await repos.offers.findOffer(businessId, offerId);
  const program = config?.programs.find(({ id }) => id === offer?.programId);
  if (!config || !offer || !program) return undefined;

  const found = await findReceivers(repos.offers, message);
  const known = found.filter((receiver) => receiver !== undefined);
  const cards = await repos.offers.lockReceivers(
    businessId,
    known.map(({ customerId }) => customerId),
  );
  // After the locks: what is committed by now is seen, and nothing more can come.
  const given = await findGiven(repos.offers, message);
  const purchases = await repos.offers.findPurchases(
    businessId,
    known.map(({ customerId, receivedAt }) => {
      const { opensAt: from, closesAt: to } = windowOf(offer, receivedAt);
      return { customerId, from, to };
    }),
  );

  const held = new Map(
    cards.filter((c) => c.programId === program.id).map((c) => [c.customerId, c]),
  );
  const own = await ownCustomers(repos, businessId, message.principal);
  const giving = new Giving(message, held, given, ids);
  const heardAt = Date.parse(message.receivedAt);
  const entries = receivers.map((receiver, i): GiveEntry => {
    const who = found[i];
    if (!who) return { refused: receiver.cardCode ? 'unknown-card' : 'unknown-customer' };
    if (own.includes(who.customerId)) return { refused: 'self-award' };
    const repeated = giving.repeated(who, offer);
    if (repeated) return repeated;
    const card = held.get(who.customerId);
    const receiving = { ...who, heardAt, purchases: purchases[known.indexOf(who)] ?? [] };
    const decision = giveOffer(receiving, { config, offer, program, card }, ids);
    if (decision.kind === 'refused') return { refused: decision.code };
    return giving.take(decision.given, receiver);
  });
  await giving.write(repos);
  return entries;
}

/** Gathers what is to be written; what one receiver got, the next one sees. */
class Giving {
  readonly #message: Message;
  readonly #held: Map<CustomerId, Card>;
  readonly #given: Map<string, OfferInstance>;
  readonly #ids: IdSource;
  readonly #opened: { given: OpenedOffer; origin: OfferOrigin | null }[] = [];
  readonly #entries: BookEntry[] = [];

  constructor(
    message: Message,
    held: Map<CustomerId, Card>,
    given: Map<string, OfferInstance>,
    ids: IdSource,
  ) {
    this.#message = message;
    this.#held = held;
    this.#given = given;
    this.#ids = ids;
  }

  /** The answer to a receiving that its sender has told before. */
  repeated({ customerId, receivedAt, receiver }: Known, offer: Offer): GiveEntry | undefined {
    const before = this.#given.get(receiver.externalId ?? '');
    if (!before) return undefined;
    const isSame =
      before.offerId === offer.id &&
      before.customerId === customerId &&
      (receiver.receivedAt === undefined || before.opensAt === receivedAt);
    return isSame ? { instance: present(before) } : { refused: 'external-id-reused' };
  }

  take(given: OpenedOffer, { externalId }: Receiver): GiveEntry {
    const { instance } = given.feeding;
    const { award } = given;
    this.#held.set(instance.customerId, award?.change.card ?? given.card);
    if (externalId !== undefined) this.#given.set(externalId, instance);
    const integration = senderOf(this.#message);
    const origin = externalId === undefined ? null : { integration, externalId };
    this.#opened.push({ given, origin });
    if (award && instance.completion) {
      const originalId = instance.completion.transactionId;
      const cause = { message: this.#message, originalId, storeId: null };
      this.#entries.push(awardEntry(award, cause, this.#ids));
    }
    return { instance: present(instance) };
  }

  async write({ books, offers }: GiveOfferRepos): Promise<void> {
    await offers.open(this.#message.businessId, {
      cards: this.#opened.flatMap(({ given }) => (given.isNewCard ? [given.card] : [])),
      offers: this.#opened.map(({ given, origin }) => ({ ...given.feeding, origin })),
      events: this.#opened.map(({ given }) => ({
        id: given.feeding.instance.id,
        events: [...cardOpened(given, this.#ids), ...offerEvents([given.feeding], this.#ids)],
      })),
    });
    await books.write(this.#entries);
  }
}

async function findReceivers(offers: OfferBooks, message: Message): Promise<(Known | undefined)[]> {
  const { receivers } = message.payload;
  const found = await offers.findReceivers(message.businessId, receivers.map(toReference));
  return receivers.map((receiver, i) => {
    const customerId = found[i];
    const receivedAt = Date.parse(receiver.receivedAt ?? message.receivedAt);
    return customerId && { customerId, receivedAt, receiver };
  });
}

async function findGiven(
  offers: OfferBooks,
  message: Message,
): Promise<Map<string, OfferInstance>> {
  const externalIds = message.payload.receivers.flatMap(({ externalId }) => externalId ?? []);
  const given = await offers.findGiven(message.businessId, senderOf(message), externalIds);
  return new Map(given.map(({ externalId, instance }) => [externalId, instance]));
}

function toReference({ customerId, cardCode }: Receiver): ReceiverReference {
  return customerId === undefined
    ? { kind: 'cardCode', value: cardCode ?? '' }
    : { kind: 'customerId', value: customerId };
}

function senderOf({ principal }: Message): string {
  return `${principal.kind}:${principal.id}`;
}

function cardOpened({ card, isNewCard }: OpenedOffer, ids: IdSource): OutboxEvent[] {
  if (!isNewCard) return [];
  const data = { ...cardIdentity(card), sequence: card.sequence };
  return [{ id: ids.id('evt'), type: 'card.opened', data }];
}

function present(instance: OfferInstance): PresentedOffer {
  const { id, customerId, cardId, opensAt, closesAt, completion } = instance;
  return {
    id,
    customerId,
    cardId,
    opensAt: new Date(opensAt).toISOString(),
    closesAt: new Date(closesAt).toISOString(),
    completedAt: completion && new Date(completion.at).toISOString(),
  };
}
