import { type Earning, needsEarnings } from '../earning/caps.ts';
import { earn } from '../earning/earn.ts';
import type { Purchase } from '../earning/purchase.ts';
import { expireLots } from '../expiry/expire.ts';
import type { CardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { Lot } from '../ledger/lots.ts';
import type { Program, ProgramVersion } from '../programs/program.ts';
import type { PaidReward } from '../refunds/holdings.ts';
import type { CardJudgement } from '../refunds/judgement.ts';
import { judgeRemains, type RefundRequest, remainingOf, sumRefunds } from '../refunds/remaining.ts';
import { takeBack } from '../refunds/take-back.ts';
import type { IdSource, LotId, RewardId, TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { CardHistory, Figures, Movement, PastRefund } from './card-history.ts';
import { move } from './move.ts';

/** A sale as a refund will need it. */
interface Sold {
  purchase: Purchase;
  judgement: CardJudgement;
  refunds: RefundRequest[];
  /** Ledger units. */
  reversed: number;
  spared: number;
}

/**
 * The life of a card whose sales were refunded, at least in part: each refund judges what is left of
 * its sale by the draft, as the books do, and takes back the rest. Rewards of the trial are used when
 * the customer used theirs, so that what was used by then stands in both.
 */
export function liveWithRefunds(
  history: CardHistory,
  opening: Card,
  rules: { program: Program; version: ProgramVersion },
  ids: IdSource,
): Figures {
  const life = new Life(opening, rules, ids);
  for (const event of eventsOf(history)) event(life);
  return life.figures;
}

type Event = (life: Life) => void;

/** What happened, by time; at one moment sales come before what can only follow them. */
function eventsOf(history: CardHistory): Event[] {
  const { purchases, movements, refunds = [], redeemedAt = [] } = history;
  const timed = [
    ...movements.map((m) => ({ at: m.at, order: 0, run: (life: Life) => life.move(m) })),
    ...purchases.map((p, i) => ({
      at: p.occurredAt,
      order: 1,
      run: (life: Life) => life.buy(p, history.saleIds?.[i]),
    })),
    ...redeemedAt.map((at) => ({ at, order: 2, run: (life: Life) => life.redeem() })),
    ...refunds.map((r) => ({ at: r.at, order: 3, run: (life: Life) => life.refund(r) })),
  ];
  return timed.sort((a, b) => a.at - b.at || a.order - b.order).map(({ run }) => run);
}

/** A card with all that its refunds ask for: lots that are spent, rewards in whatever state. */
class Life {
  #card: Card;
  #earned = 0;
  #rewards = 0;
  #rewardsCost = 0;
  readonly #program: Program;
  readonly #version: ProgramVersion;
  readonly #ids: IdSource;
  readonly #lots = new Map<LotId, Lot>();
  readonly #expired = new Map<LotId, number>();
  readonly #held = new Map<RewardId, PaidReward>();
  readonly #sold = new Map<TransactionId, Sold>();
  readonly #earnings: Earning[] = [];

  constructor(
    card: Card,
    { program, version }: { program: Program; version: ProgramVersion },
    ids: IdSource,
  ) {
    this.#card = card;
    this.#program = program;
    this.#version = version;
    this.#ids = ids;
    for (const lot of card.lots) this.#lots.set(lot.id, lot);
  }

  get figures(): Figures {
    return {
      earned: this.#earned,
      rewards: this.#rewards,
      rewardsCost: this.#rewardsCost,
      balance: this.#card.balance,
    };
  }

  move(movement: Movement): void {
    this.#card = move(this.#card, movement, this.#ids);
    this.#earned += movement.earned ?? 0;
    const open = new Map(this.#card.lots.map((lot) => [lot.id, lot]));
    for (const lot of this.#lots.values()) {
      this.#lots.set(lot.id, open.get(lot.id) ?? { ...lot, remaining: 0 });
    }
    for (const lot of open.values()) this.#lots.set(lot.id, lot);
  }

  buy(purchase: Purchase, saleId: TransactionId | undefined): void {
    this.#expire(purchase.occurredAt);
    const { occurredAt, businessDate } = purchase;
    const decision = earn(
      {
        purchase,
        program: this.#program,
        card: this.#card,
        isNewCard: false,
        earnings: this.#earnings,
      },
      this.#ids,
    );
    this.#apply(decision);
    this.#earned += decision.earned;
    if (needsEarnings(this.#version.caps) && decision.earned > 0) {
      this.#earnings.push({ occurredAt, businessDate, amount: decision.earned });
    }
    const { judgement } = decision;
    if (!judgement || saleId === undefined) return;
    this.#sold.set(saleId, { purchase, judgement, refunds: [], reversed: 0, spared: 0 });
  }

  /** The customer used a reward: the oldest there is. */
  redeem(): void {
    for (const reward of this.#held.values()) {
      if (reward.status !== 'available') continue;
      this.#held.set(reward.id, { ...reward, status: 'redeemed' });
      return;
    }
  }

  refund({ saleId, request, at }: PastRefund): void {
    const sale = this.#sold.get(saleId);
    if (!sale) return;
    this.#expire(at);
    sale.refunds.push(request);
    const { purchase: receipt, judgement } = sale;
    const remaining = remainingOf(receipt, sumRefunds(sale.refunds));
    const keeps = judgeRemains(judgement, this.#program, { receipt, remaining }).earned;
    const amount = judgement.earned - sale.reversed - keeps;
    if (amount <= 0) return;
    const { lotId } = judgement;
    const back = takeBack(
      {
        card: this.#card,
        program: this.#program,
        lotId,
        amount,
        holdings: this.#holdingsOf(lotId),
        sparedBefore: sale.spared,
        owes: this.#version.refundDebt !== 'stop-at-zero',
        at,
      },
      this.#ids,
    );
    sale.reversed += amount;
    sale.spared += back.spared;
    this.#earned -= back.taken + back.owed;
    this.#rewards -= back.revoked.length;
    for (const { cost } of back.revoked) this.#rewardsCost -= cost;
    this.#apply(back.change);
  }

  #expire(at: Instant): void {
    const { card, expiries } = expireLots(this.#card, at);
    this.#card = card;
    for (const { lotId, amount } of expiries.flatMap(({ change }) => change.draws)) {
      this.#expired.set(lotId, (this.#expired.get(lotId) ?? 0) + amount);
      this.#draw(lotId, amount);
    }
  }

  #holdingsOf(lotId: LotId) {
    const rewards = [...this.#held.values()].filter(({ funding }) =>
      funding.some((draw) => draw.lotId === lotId),
    );
    return { expired: this.#expired.get(lotId) ?? 0, rewards, lots: [...this.#lots.values()] };
  }

  #apply({ card, newLots, draws, rewards, rewardChanges }: CardChange): void {
    for (const lot of newLots) this.#lots.set(lot.id, lot);
    for (const { lotId, amount } of draws) this.#draw(lotId, amount);
    for (const reward of rewards) {
      this.#held.set(reward.id, { ...reward, status: 'available', version: 0, reservation: null });
      this.#rewards += 1;
      this.#rewardsCost += reward.cost;
    }
    for (const { id, status, funding } of rewardChanges) {
      const reward = this.#held.get(id);
      if (reward) this.#held.set(id, { ...reward, status, funding });
    }
    this.#card = card;
  }

  #draw(lotId: LotId, amount: number): void {
    const lot = this.#lots.get(lotId);
    if (lot) this.#lots.set(lotId, { ...lot, remaining: lot.remaining - amount });
  }
}
