/** One customer's card in memory, through sales and refunds, kept as the books keep it. */
import type { Earning } from '../../domain/earning/caps.ts';
import type { Receipt } from '../../domain/earning/purchase.ts';
import { earn } from '../../domain/earning/earn.ts';
import { type CardChange, isBalanced } from '../../domain/ledger/book-entry.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { Lot } from '../../domain/ledger/lots.ts';
import type { Program } from '../../domain/programs/program.ts';
import {
  decideRefund,
  type RefundableSale,
  type RefundDecision,
  type RefundJudgement,
} from '../../domain/refunds/decide-refund.ts';
import type { RefundRequest } from '../../domain/refunds/remaining.ts';
import type { PaidReward, SaleHoldings } from '../../domain/refunds/holdings.ts';
import type { CardId, LotId, RewardId } from '../../domain/values/ids.ts';
import { DAY_MS, type Instant } from '../../domain/values/time.ts';
import { aBusiness, aCard, anId, aPurchase, aStore, deterministicIds, NOON } from './domain.ts';

export class RefundableCard {
  card: Card;
  readonly rewards = new Map<RewardId, PaidReward>();
  readonly #lots = new Map<LotId, Lot>();
  readonly #expired = new Map<LotId, number>();
  readonly #sales: { sale: RefundableSale; past: RefundJudgement[] }[] = [];
  readonly #earnings: Earning[] = [];
  readonly #ids = deterministicIds();
  readonly #program: Program;
  #now: Instant = NOON;

  constructor(program: Program) {
    this.#program = program;
    this.card = aCard();
  }

  /** Records a sale, a minute after whatever came before; its number serves to refund it. */
  buy(receipt: Partial<Receipt>): number {
    const purchase = aPurchase({ ...receipt, occurredAt: this.#tick() });
    const decision = earn(
      {
        purchase,
        program: this.#program,
        card: this.card,
        isNewCard: false,
        earnings: [...this.#earnings],
      },
      this.#ids,
    );
    const { occurredAt, businessDate } = purchase;
    if (decision.earned > 0)
      this.#earnings.push({ occurredAt, businessDate, amount: decision.earned });
    this.#apply(decision);
    const id = this.#ids.id('txn');
    const sale: RefundableSale = {
      id,
      earnedIn: [id],
      claimCode: null,
      soldAt: occurredAt,
      externalId: `sale ${this.#sales.length}`,
      storeId: anId('sto'),
      customerId: anId('cus'),
      receipt: purchase,
      judgement: decision.judgement && { cards: [decision.judgement] },
    };
    this.#sales.push({ sale, past: [] });
    return this.#sales.length - 1;
  }

  /** Tries a refund; what is refused changes nothing. */
  refund(number: number, request: RefundRequest): RefundDecision {
    const { sale, past } = this.#saleOf(number);
    const occurredAt = this.#tick();
    const decision = decideRefund(
      { request, storeId: undefined, occurredAt, receivedAt: occurredAt },
      {
        config: { business: aBusiness(), stores: [aStore()], programs: [this.#program] },
        sale,
        past,
        cards: [this.card],
        holdings: this.#holdingsOf(sale),
      },
      this.#ids,
    );
    if (decision.kind === 'refused') return decision;
    past.push(decision.judgement);
    for (const { takenBack } of decision.cards) if (takenBack) this.#apply(takenBack.change);
    return decision;
  }

  /** Refunds and must not be refused. */
  mustRefund(number: number, request: RefundRequest) {
    const decision = this.refund(number, request);
    if (decision.kind === 'refused') throw new Error(decision.code);
    return decision;
  }

  /** The customer uses a reward up. */
  redeem(reward: PaidReward | undefined): void {
    if (reward) this.rewards.set(reward.id, { ...reward, status: 'redeemed' });
  }

  /** A sale's points come to their end. */
  expire(number: number): void {
    const lotId = this.#saleOf(number).sale.judgement?.cards[0]?.lotId;
    const lot = lotId && this.#lots.get(lotId);
    if (!lot) return;
    this.#expired.set(lot.id, lot.remaining);
    this.#lots.set(lot.id, { ...lot, remaining: 0 });
    this.card = {
      ...this.card,
      balance: this.card.balance - lot.remaining,
      lots: this.card.lots.filter(({ id }) => id !== lot.id),
    };
  }

  /** Sets when a sale's points expire. */
  expireAt(number: number, expiresAt: Instant): void {
    const lotId = this.#saleOf(number).sale.judgement?.cards[0]?.lotId;
    const dated = (lot: Lot) => (lot.id === lotId ? { ...lot, expiresAt } : lot);
    for (const lot of this.#lots.values()) this.#lots.set(lot.id, dated(lot));
    this.card = { ...this.card, lots: this.card.lots.map(dated) };
  }

  block(): void {
    this.card = { ...this.card, status: 'blocked' };
  }

  wait(days: number): void {
    this.#now += days * DAY_MS;
  }

  /** Ledger units that sales have earned, before refunds. */
  get given(): number {
    return this.#earnings.reduce((sum, { amount }) => sum + amount, 0);
  }

  get now(): Instant {
    return this.#now;
  }

  /** Rewards a customer still holds. */
  get held(): PaidReward[] {
    return [...this.rewards.values()].filter((reward) => reward.status === 'available');
  }

  /** What the customer has, whatever form it is in: balance and held rewards less debt. */
  get worth(): number {
    const held = this.held.reduce((sum, reward) => sum + reward.cost, 0);
    return this.card.balance + held - this.card.debt;
  }

  #tick(): Instant {
    return (this.#now += 60_000);
  }

  #saleOf(number: number) {
    const found = this.#sales[number];
    if (!found) throw new RangeError(`no sale ${number}`);
    return found;
  }

  #holdingsOf(sale: RefundableSale): ReadonlyMap<CardId, SaleHoldings> {
    const lotId = sale.judgement?.cards[0]?.lotId;
    if (!lotId) return new Map();
    const rewards = [...this.rewards.values()].filter((reward) =>
      reward.funding.some((draw) => draw.lotId === lotId),
    );
    const wanted = new Set([lotId, ...rewards.flatMap((r) => r.funding.map((d) => d.lotId))]);
    const lots = [...this.#lots.values()].filter((lot) => wanted.has(lot.id));
    return new Map([[this.card.id, { expired: this.#expired.get(lotId) ?? 0, rewards, lots }]]);
  }

  /** As the database would: what a change says of lots and rewards, and checks of its own. */
  #apply(change: CardChange): void {
    if (!isBalanced(change)) throw new Error('unbalanced');
    for (const lot of change.newLots) this.#lots.set(lot.id, lot);
    for (const { lotId, amount } of change.draws) {
      const lot = this.#lots.get(lotId);
      if (!lot) throw new Error(`draw on unknown ${lotId}`);
      const remaining = lot.remaining - amount;
      if (remaining < 0) throw new Error(`${lotId} below zero`);
      this.#lots.set(lotId, { ...lot, remaining });
    }
    for (const reward of change.rewards) {
      this.rewards.set(reward.id, {
        ...reward,
        status: 'available',
        version: 0,
        reservation: null,
      });
    }
    for (const { id, version, status, funding } of change.rewardChanges) {
      const reward = this.rewards.get(id);
      if (reward?.version !== version) throw new Error(`${id} changed meanwhile`);
      this.rewards.set(id, { ...reward, version: version + 1, status, funding });
    }
    this.card = change.card;
    const open = [...this.#lots.values()].filter((lot) => lot.remaining > 0);
    const held = open.reduce((sum, lot) => sum + lot.remaining, 0);
    if (held !== this.card.balance) throw new Error(`lots hold ${held}, not ${this.card.balance}`);
    for (const reward of this.held) {
      const funded = reward.funding.reduce((sum, draw) => sum + draw.amount, 0);
      if (funded !== reward.cost) throw new Error(`${reward.id} is not paid for`);
    }
  }
}
