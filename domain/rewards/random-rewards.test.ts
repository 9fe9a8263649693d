/** Whatever customers and tills do with rewards, in whatever order, nothing is used twice or lost. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aBusiness,
  aCard,
  anId,
  aPointProgram,
  aStore,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { aClaim, aRewardDefinition, points } from '../../tests/builders/rewards.ts';
import { adjustCard } from '../ledger/adjust.ts';
import { type CardChange, cardChange, isBalanced } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { balanceChange, type Posting } from '../ledger/posting.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import { decideClaim } from './claim.ts';
import {
  cancelReservation,
  expireReward,
  redeemReward,
  releaseReservation,
  reserveReward,
} from './life.ts';
import { heldFrom, restoreReward, whyNotReversible } from './restore.ts';
import type { HeldReward, RewardChange } from './reward.ts';

const STOCK = 6;
const program = aPointProgram();
const transactionId = anId('txn');

/** One card, its rewards and a stock, through any commands. */
class World {
  card: Card = aCard();
  stockLeft = STOCK;
  claimed = 0;
  readonly rewards = new Map<string, HeldReward>();
  readonly redemptions = new Map<string, number>();
  readonly postings: Posting[] = [];
  readonly #ids = deterministicIds();

  give(whole: number, at: number): void {
    const change = adjustCard({ card: this.card, program, amount: points(whole), at }, this.#ids);
    if (change.kind === 'adjusted') this.#apply(change.change);
  }

  claim(cost: number, at: number): void {
    const terms = { cost: String(cost), stock: STOCK, validForDays: 1 };
    const definition = aRewardDefinition(terms, { stockLeft: this.stockLeft });
    const decision = decideClaim(
      aClaim({ occurredAt: at }),
      { business: aBusiness(), program, card: this.card, definition, tags: [], taken: 0 },
      this.#ids,
    );
    if (decision.kind === 'refused') return;
    this.stockLeft -= 1;
    this.claimed += 1;
    this.#apply(decision.change);
  }

  /** Does something with the n-th reward. */
  visit(what: string, n: number, at: number, till: string): void {
    const reward = [...this.rewards.values()][n % Math.max(1, this.rewards.size)];
    if (!reward) return;
    const visit = { by: `integration:${till}`, store: aStore(), at, transactionId };
    const context = { reward, card: this.card, program };
    if (what === 'reverse') {
      if (whyNotReversible(reward, this.card)) return;
      const back = restoreReward(reward, at, program.zone, this.#ids);
      this.#change(reward, back.change);
      this.#apply({ ...this.#still(), postings: back.postings, rewards: [back.reward] });
      return;
    }
    if (what === 'sweep') {
      const change = expireReward(reward, at) ?? releaseReservation(reward, at);
      if (change) this.#change(reward, change);
      return;
    }
    const decision =
      what === 'reserve'
        ? reserveReward(context, visit)
        : what === 'cancel'
          ? cancelReservation(reward, visit)
          : redeemReward(context, visit);
    if (decision.kind === 'changed') this.#change(reward, decision.change);
  }

  #change(reward: HeldReward, change: RewardChange): void {
    expect(change.version).toBe(reward.version);
    if (change.status === 'redeemed') {
      this.redemptions.set(reward.id, (this.redemptions.get(reward.id) ?? 0) + 1);
    }
    this.rewards.set(reward.id, {
      ...reward,
      ...change,
      version: reward.version + 1,
      reservation: change.reservation ?? null,
      redemption: change.redemption ?? reward.redemption,
    });
  }

  #still(): CardChange {
    const { card } = this;
    return cardChange(card, {});
  }

  #apply(change: CardChange): void {
    expect(isBalanced(change)).toBe(true);
    this.card = change.card;
    this.postings.push(...change.postings);
    for (const reward of change.rewards) this.rewards.set(reward.id, heldFrom(reward));
  }
}

const step = fc.record({
  what: fc.constantFrom('give', 'claim', 'reserve', 'redeem', 'cancel', 'reverse', 'sweep'),
  n: fc.nat(20),
  waitMs: fc.constantFrom(0, 1, MINUTE_MS, 10 * MINUTE_MS - 1, 10 * MINUTE_MS, DAY_MS),
  till: fc.constantFrom('pos', 'kiosk'),
});

test('no reward is redeemed twice, no stock falls below zero, and balance, postings and lots agree', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const world = new World();
      let at = NOON;
      for (const { what, n, waitMs, till } of steps) {
        at += waitMs;
        if (what === 'give') world.give(n + 1, at);
        else if (what === 'claim') world.claim(n % 8, at);
        else world.visit(what, n, at, till);
        expectRight(world);
      }
    }),
    { numRuns: 300 },
  );
});

function expectRight({ card, postings, rewards, redemptions, stockLeft, claimed }: World): void {
  expect(card.balance).toBe(postings.reduce((sum, posting) => sum + balanceChange(posting), 0));
  expect(card.lots.reduce((sum, lot) => sum + lot.remaining, 0)).toBe(card.balance);
  expect(card.balance).toBeGreaterThanOrEqual(0);
  expect(stockLeft).toBeGreaterThanOrEqual(0);
  expect(stockLeft + claimed).toBe(STOCK);
  for (const count of redemptions.values()) expect(count).toBe(1);
  for (const reward of rewards.values()) {
    const own = postings.filter((posting) => posting.rewardId === reward.id);
    const paid = own.reduce((sum, posting) => sum - balanceChange(posting), 0);
    expect(paid).toBe(reward.status === 'reversed' ? 0 : reward.cost);
    expect(redemptions.has(reward.id)).toBe(['redeemed', 'reversed'].includes(reward.status));
  }
}
