import { giveBack } from '../expiry/give-back.ts';
import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import {
  applyDraws,
  drawFromLots,
  isValidAt,
  type Lot,
  type LotDraw,
  type NewLot,
  sumDraws,
  withEmptied,
} from '../ledger/lots.ts';
import { netDraws, type Posting } from '../ledger/posting.ts';
import { type Program, versionAt } from '../programs/program.ts';
import { type IssuedReward, mintRewards } from '../rewards/mint.ts';
import { isExpired, type RewardChange, type RewardStatus } from '../rewards/reward.ts';
import type { IdSource, LotId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { isHeld, newestFirst, paidBy, type PaidReward, type SaleHoldings } from './holdings.ts';

export interface TakeBackInput {
  card: Card;
  program: Program;
  /** The sale's lot. */
  lotId: LotId;
  /** Ledger units to take back, > 0. */
  amount: number;
  holdings: SaleHoldings;
  /** Of the lot's expired units, those that earlier refunds have already left alone. */
  sparedBefore: number;
  /** Whether what cannot be taken is owed. */
  owes: boolean;
  at: Instant;
}

/** Where a reversal came from; the four amounts add up to it. Ledger units. */
export interface TakenBack {
  change: CardChange;
  taken: number;
  /** Had expired before: not charged again. */
  spared: number;
  owed: number;
  /** Neither there nor owed, because the card owes nothing by its rules. */
  forgiven: number;
  /** Of what came back from rewards, what repaid older debt. */
  repaid: number;
  revoked: readonly PaidReward[];
  /** Stayed as they are, with other lots paying. */
  kept: readonly PaidReward[];
  issued: readonly IssuedReward[];
}

/**
 * Takes an amount back from a card: from the sale's own lot first, also where an available or
 * reserved reward holds it, then from the lots that expire first; the rest is owed. A reward that
 * had to give its cost back stays as it is when what is left on the card still pays for it, so that
 * the code on the customer's phone stays good; else it is revoked.
 */
export function takeBack(input: TakeBackInput, ids: IdSource): TakenBack {
  const work = new Work(input, ids);
  work.takeFromOwnLot();
  const released = work.releaseRewards();
  const spared = work.spareExpired();
  work.takeFromOthers();
  const taken = work.postTaken();
  const owed = input.owes ? work.owe() : 0;
  const forgiven = work.missing;
  const { kept, revoked } = work.payAgain(released);
  const repaid = released.length > 0 ? work.repayDebt() : 0;
  const issued = work.mint(revoked);
  const change = work.finish({ kept, revoked, issued });
  return { change, taken, spared, owed, forgiven, repaid, kept, revoked, issued };
}

/** A card while an amount is taken back from it. */
class Work {
  missing: number;
  readonly #input: TakeBackInput;
  readonly #ids: IdSource;
  #lots: readonly Lot[];
  #balance: number;
  #debt: number;
  #versionNumber: number;
  readonly #taken: LotDraw[] = [];
  readonly #newLots: NewLot[] = [];
  readonly #postings: Posting[] = [];

  constructor(input: TakeBackInput, ids: IdSource) {
    const { card, holdings } = input;
    this.missing = input.amount;
    this.#input = input;
    this.#ids = ids;
    this.#lots = withEmptied(card.lots, holdings.lots);
    this.#balance = card.balance;
    this.#debt = card.debt;
    this.#versionNumber = card.versionNumber;
  }

  takeFromOwnLot(): void {
    const own = this.#ownLot();
    if (own && isValidAt(own, this.#input.at)) this.#takeFrom([own]);
  }

  /** Rewards give their cost back, the newest first, until the sale's lot has given what it must. */
  releaseRewards(): PaidReward[] {
    const { holdings, at } = this.#input;
    const released: PaidReward[] = [];
    const live = holdings.rewards.filter((reward) => isHeld(reward, at));
    for (const reward of live.toSorted(newestFirst)) {
      if (this.missing === 0) break;
      this.#release(reward);
      released.push(reward);
    }
    return released;
  }

  #release(reward: PaidReward): void {
    const { card, lotId, program, at, holdings } = this.#input;
    // What is taken again at once goes through the sale's lot, even when that has expired.
    const own = Math.min(this.missing, paidBy(reward, lotId));
    const through = own > 0 ? [{ lotId, amount: own }] : [];
    const rest = reward.funding
      .map((draw) => (draw.lotId === lotId ? { ...draw, amount: draw.amount - own } : draw))
      .filter((draw) => draw.amount > 0);
    const back = giveBack(
      rest,
      holdings.lots,
      { cardId: card.id, at, zone: program.zone },
      this.#ids,
    );
    this.#postBack(reward, [...through, ...back.draws]);
    this.#postNew(reward, back.newLots);
    this.#take(through);
  }

  #postBack(reward: PaidReward, draws: readonly LotDraw[]): void {
    this.#post({ from: 'redeemed', to: 'card', draws: sumDraws(draws), rewardId: reward.id });
  }

  #postNew(reward: PaidReward, lots: readonly NewLot[]): void {
    const amount = total(lots);
    this.#lots = [...this.#lots, ...lots];
    this.#newLots.push(...lots);
    this.#balance += amount;
    const cardId = this.#input.card.id;
    const moved = { cardId, from: 'redeemed', to: 'card', amount, draws: [] } as const;
    if (amount > 0) this.#postings.push({ ...moved, rewardId: reward.id });
  }

  /** What of the sale's lot has expired, on the card or in a reward, is not charged again. */
  spareExpired(): number {
    const { holdings, lotId, at, sparedBefore } = this.#input;
    const own = this.#ownLot();
    const unswept = own && !isValidAt(own, at) ? own.remaining : 0;
    const inRewards = holdings.rewards
      .filter((reward) => isExpired(reward, at))
      .reduce((sum, reward) => sum + paidBy(reward, lotId), 0);
    const expired = holdings.expired + unswept + inRewards - sparedBefore;
    const spared = Math.min(this.missing, Math.max(0, expired));
    this.missing -= spared;
    return spared;
  }

  takeFromOthers(): void {
    this.#takeFrom(this.#valid());
  }

  /** One posting for all that was taken. */
  postTaken(): number {
    const draws = sumDraws(this.#taken);
    const amount = total(draws);
    const cardId = this.#input.card.id;
    if (amount > 0) this.#postings.push({ cardId, from: 'card', to: 'issued', amount, draws });
    return amount;
  }

  owe(): number {
    const amount = this.missing;
    const cardId = this.#input.card.id;
    if (amount > 0) this.#postings.push({ cardId, from: 'debt', to: 'issued', amount, draws: [] });
    this.#debt += amount;
    this.missing = 0;
    return amount;
  }

  /** Rewards whose cost is still there stay, the oldest first; the others are revoked. */
  payAgain(released: readonly PaidReward[]) {
    const kept: PaidReward[] = [];
    const revoked: PaidReward[] = [];
    for (const reward of released.toReversed()) {
      if (this.#spendable() < reward.cost) {
        revoked.push(reward);
        continue;
      }
      const draws = this.#drawValid(reward.cost);
      this.#post({ from: 'card', to: 'redeemed', draws, rewardId: reward.id });
      kept.push({ ...reward, funding: draws });
    }
    return { kept, revoked };
  }

  /** What rewards gave back and nobody claims pays what the card owed before, as an earning would. */
  repayDebt(): number {
    const amount = Math.min(this.#debt, this.#spendable());
    this.#post({ from: 'card', to: 'debt', draws: this.#drawValid(amount) });
    this.#debt -= amount;
    return amount;
  }

  /** A revoked reward opens its stamp card again, under the version it was begun with. */
  mint(revoked: readonly PaidReward[]): readonly IssuedReward[] {
    const { card, program, at } = this.#input;
    const [oldest] = revoked;
    if (program.unit === 'stamp') this.#versionNumber = oldest?.versionNumber ?? card.versionNumber;
    else this.#versionNumber = versionAt(program, at)?.number ?? card.versionNumber;
    if (card.status !== 'active') return [];
    const minted = mintRewards(
      program,
      {
        cardId: card.id,
        balance: this.#spendable(),
        lots: this.#valid(),
        versionNumber: this.#versionNumber,
        at,
      },
      this.#ids,
    );
    for (const posting of minted.postings) this.#post(posting);
    this.#versionNumber = minted.versionNumber;
    return minted.rewards;
  }

  finish(rewards: {
    kept: readonly PaidReward[];
    revoked: readonly PaidReward[];
    issued: readonly IssuedReward[];
  }): CardChange {
    const { card } = this.#input;
    const { kept, revoked, issued } = rewards;
    const changedBalance = this.#postings.length > 0 ? 1 : 0;
    const fresh = new Set<LotId>(this.#newLots.map((lot) => lot.id));
    const lotById = new Map(this.#lots.map((lot) => [lot.id, lot]));
    return cardChange(card, {
      card: {
        ...card,
        balance: this.#balance,
        debt: this.#debt,
        versionNumber: this.#versionNumber,
        sequence: card.sequence + changedBalance + revoked.length + issued.length,
        lots: this.#lots.filter((lot) => lot.remaining > 0),
      },
      postings: this.#postings,
      newLots: this.#newLots.map((lot) => ({
        ...lot,
        remaining: lotById.get(lot.id)?.remaining ?? lot.remaining,
      })),
      draws: netDraws(this.#postings).filter((draw) => !fresh.has(draw.lotId)),
      rewards: issued,
      rewardChanges: [
        ...kept.map((reward) => changeOf(reward, reward.status, reward.funding)),
        ...revoked.map((reward) => changeOf(reward, 'revoked', [])),
      ],
    });
  }

  #ownLot(): Lot | undefined {
    return this.#lots.find((lot) => lot.id === this.#input.lotId);
  }

  #takeFrom(lots: readonly Lot[]): void {
    const there = total(lots.map((lot) => ({ amount: lot.remaining })));
    this.#take(drawFromLots(lots, Math.min(this.missing, there)));
  }

  #take(draws: readonly LotDraw[]): void {
    this.#taken.push(...draws);
    this.#lots = applyDraws(this.#lots, draws);
    const amount = total(draws);
    this.#balance -= amount;
    this.missing -= amount;
  }

  /** Books a movement between the card and an account, and what it does to lots and balance. */
  #post(movement: Pick<Posting, 'from' | 'to' | 'draws' | 'rewardId'>): void {
    const { from, to, draws, rewardId } = movement;
    const amount = total(draws);
    if (amount === 0) return;
    const cardId = this.#input.card.id;
    this.#postings.push({ cardId, from, to, amount, draws, ...(rewardId && { rewardId }) });
    const sign = to === 'card' ? -1 : 1;
    this.#balance -= sign * amount;
    const moved = draws.map((draw) => ({ ...draw, amount: sign * draw.amount }));
    this.#lots = applyDraws(this.#lots, moved);
  }

  #drawValid(amount: number): LotDraw[] {
    return drawFromLots(this.#valid(), amount);
  }

  #valid(): Lot[] {
    return this.#lots.filter((lot) => isValidAt(lot, this.#input.at));
  }

  #spendable(): number {
    return total(this.#valid().map((lot) => ({ amount: lot.remaining })));
  }
}

function changeOf(
  { id, version, expiresAt, reservation }: PaidReward,
  status: RewardStatus,
  funding: readonly LotDraw[],
): RewardChange {
  const held = status === 'reserved' && reservation ? { reservation } : {};
  return { id, version, status, funding, expiresAt, ...held };
}

function total(parts: readonly { amount: number }[]): number {
  let amount = 0;
  for (const part of parts) amount += part.amount;
  return amount;
}
