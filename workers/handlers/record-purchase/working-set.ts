import type { Earning } from '../../../domain/earning/caps.ts';
import type { KnownCustomer, RecordedPurchase } from '../../../domain/earning/decide-purchase.ts';
import type {
  CustomerReference,
  LoadedPurchases,
  PurchaseQuery,
} from '../../../domain/earning/purchase-store.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import type { OfferFeeding, OfferInstance } from '../../../domain/offers/offer.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type { RewardContext } from '../../../domain/rewards/life.ts';
import type { OwnedReward } from '../../../domain/rewards/reward-books.ts';
import type { VoucherUse } from '../../../domain/rewards/use-in-sale.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  OfferInstanceId,
  ProgramId,
} from '../../../domain/values/ids.ts';

/**
 * Cards and customers as a batch goes on: what one purchase did, the next one sees, as if each had
 * been committed on its own.
 */
export class WorkingSet {
  readonly #cardsByCustomer = new Map<CustomerId, Map<ProgramId, Card>>();
  readonly #earningsByCard: Map<CardId, Earning[]>;
  /** Rewards that sales of the batch name, by business and code. */
  readonly #vouchers = new Map<string, OwnedReward>();
  readonly #offers: Map<OfferInstanceId, OfferInstance>;
  /** Customers enrolled by an earlier purchase of the same batch, by contact. */
  readonly #enrolled = new Map<string, CustomerId>();

  constructor(loaded: LoadedPurchases) {
    for (const card of loaded.cards) this.#keep(card);
    for (const reward of loaded.vouchers)
      this.#vouchers.set(voucherKey(reward, reward.code), reward);
    this.#offers = new Map(loaded.offers.map((offer) => [offer.id, offer]));
    this.#earningsByCard = new Map(
      [...loaded.earnings].map(([cardId, earnings]) => [cardId, [...earnings]]),
    );
  }

  /** Whom a purchase is for, with the cards as they stand now. */
  customerOf(query: PurchaseQuery, knownId: CustomerId | undefined): KnownCustomer {
    if (!query.customer) return { kind: 'anonymous' };
    const { kind } = query.customer;
    const id = knownId ?? this.#enrolled.get(contactKey(query, query.customer));
    if (id)
      return { kind: 'known', id, cards: [...(this.#cardsByCustomer.get(id)?.values() ?? [])] };
    if (kind === 'phone' || kind === 'email') return { kind: 'new-contact' };
    return { kind: 'unknown', reference: kind };
  }

  /** What a customer's cards were already given, by program. */
  earningsOf(customer: KnownCustomer): ReadonlyMap<ProgramId, readonly Earning[]> {
    if (customer.kind !== 'known') return new Map();
    return new Map(
      customer.cards.map((card) => [card.programId, this.#earningsByCard.get(card.id) ?? []]),
    );
  }

  /** The customer's offers as they stand now. */
  offersOf(customer: KnownCustomer): readonly OfferInstance[] {
    if (customer.kind !== 'known' || this.#offers.size === 0) return [];
    return [...this.#offers.values()].filter((offer) => offer.customerId === customer.id);
  }

  /** A reward that a sale names, with the card it is on, as they stand now. */
  voucherOf(
    query: PurchaseQuery,
    code: string,
    programs: readonly Program[],
  ): RewardContext | undefined {
    const reward = this.#vouchers.get(voucherKey(query, code));
    const held = [
      ...(reward ? (this.#cardsByCustomer.get(reward.customerId)?.values() ?? []) : []),
    ];
    const card = held.find(({ id }) => id === reward?.cardId);
    const program = programs.find(({ id }) => id === card?.programId);
    return reward && card && program ? { reward, card, program } : undefined;
  }

  /** Takes over what a sale did to a reward. */
  useUp({ businessId }: PurchaseQuery, use: VoucherUse): void {
    if (use.kind === 'not-used') return;
    const { card } = use.change;
    this.#keep(card);
    const owned = { ...use.reward, businessId, customerId: card.customerId };
    this.#vouchers.set(voucherKey(owned, owned.code), owned);
  }

  /** Takes over what a purchase did to offers. */
  feed(feedings: readonly OfferFeeding[]): void {
    for (const { instance } of feedings) this.#offers.set(instance.id, instance);
  }

  /** Takes over what a decision did. */
  apply(query: PurchaseQuery, decision: RecordedPurchase): void {
    if (decision.isNewCustomer && decision.customerId && query.customer) {
      this.#enrolled.set(contactKey(query, query.customer), decision.customerId);
    }
    for (const { card, earned, offers } of decision.cards) {
      this.#keep(offers?.card ?? card);
      if (earned === 0) continue;
      const { occurredAt, businessDate } = decision.purchase;
      const earnings = this.#earningsByCard.get(card.id) ?? [];
      earnings.push({ occurredAt, businessDate, amount: earned });
      this.#earningsByCard.set(card.id, earnings);
    }
  }

  /** Takes over what was done to a card beside a purchase. */
  keepCard(card: Card): void {
    this.#keep(card);
  }

  #keep(card: Card): void {
    const cards = this.#cardsByCustomer.get(card.customerId) ?? new Map<ProgramId, Card>();
    cards.set(card.programId, card);
    this.#cardsByCustomer.set(card.customerId, cards);
  }
}

/** Codes are a business's own: nobody may meet another's by naming its code. */
function voucherKey({ businessId }: { businessId: BusinessId }, code: string): string {
  return `${businessId} ${code}`;
}

function contactKey(query: PurchaseQuery, reference: CustomerReference): string {
  return `${query.businessId} ${reference.kind} ${reference.value}`;
}
