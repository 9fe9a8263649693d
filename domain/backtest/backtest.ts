import { earn } from '../earning/earn.ts';
import { type Earning, needsEarnings } from '../earning/caps.ts';
import type { Purchase } from '../earning/purchase.ts';
import type { CardHistory, Figures, Movement } from './card-history.ts';
import { move } from './move.ts';
import { liveWithRefunds } from './refunded-life.ts';
import { expireLots } from '../expiry/expire.ts';
import type { Card } from '../ledger/card.ts';
import type { Program, ProgramVersion } from '../programs/program.ts';
import type { CardId, CustomerId, IdSource } from '../values/ids.ts';

/** A customer whom the draft would treat differently. */
export interface ChangedCard {
  cardId: CardId;
  customerId: CustomerId;
  actual: Figures;
  draft: Figures;
  /** What the draft gives beyond the truth: earned, so what a customer would notice first. */
  difference: number;
}

export interface BacktestReport {
  cards: number;
  purchases: number;
  actual: Figures;
  draft: Figures;
  /** Cards whose figures differ in any way. */
  changedCards: number;
  /** Largest difference first; at most `MOST_CHANGED`. */
  mostChanged: ChangedCard[];
}

/** How many of the most changed customers a report names. */
export const MOST_CHANGED = 20;

/** Tries a version on history, card by card, and keeps only sums and the most changed cards. */
export interface Backtest {
  judge(history: CardHistory): void;
  report(): BacktestReport;
}

const NOTHING: Figures = { earned: 0, rewards: 0, rewardsCost: 0, balance: 0 };

/**
 * What a draft would have given for sales that really happened. Each card starts with what it really
 * held and then lives under the draft alone, judged by the very rules that judge a sale; so trying
 * the version that was in force changes nobody.
 * @param draft the version to try, whatever its number and window
 */
export function createBacktest(options: { program: Program; draft: ProgramVersion }): Backtest {
  const ids = trialIds();
  const version: ProgramVersion = { ...options.draft, from: -Infinity, to: null };
  const program: Program = { ...options.program, versions: [version] };
  const report: BacktestReport = {
    cards: 0,
    purchases: 0,
    actual: NOTHING,
    draft: NOTHING,
    changedCards: 0,
    mostChanged: [],
  };

  return {
    judge(history) {
      const draft = live(history, program, version, ids);
      const { actual, cardId, customerId } = history;
      report.cards += 1;
      report.purchases += history.purchases.length;
      report.actual = add(report.actual, actual);
      report.draft = add(report.draft, draft);
      if (isSame(actual, draft)) return;
      report.changedCards += 1;
      const difference = draft.earned - actual.earned;
      keepMostChanged(report.mostChanged, { cardId, customerId, actual, draft, difference });
    },
    report: () => report,
  };
}

/** Ids that never leave a trial: random ones would cost as much as the judging. */
function trialIds(): IdSource {
  let last = 0;
  return {
    id: (kind) => `${kind}_${(last += 1)}`,
    code: () => '',
  };
}

/** A card's life under the draft. */
function live(
  history: CardHistory,
  program: Program,
  version: ProgramVersion,
  ids: IdSource,
): Figures {
  const opening = openingCard(history, program, version);
  if (history.refunds) return liveWithRefunds(history, opening, { program, version }, ids);
  let card = opening;
  const counts = needsEarnings(version.caps);
  const earnings: Earning[] = [];
  let { earned, rewards, rewardsCost } = NOTHING;
  let moved = 0;
  const moveUntil = (purchase: Purchase | undefined) => {
    for (; isBefore(history.movements[moved], purchase); moved += 1) {
      const movement = history.movements[moved];
      if (!movement) return;
      card = move(card, movement, ids);
      earned += movement.earned ?? 0;
    }
  };
  for (const purchase of history.purchases) {
    moveUntil(purchase);
    card = expireLots(card, purchase.occurredAt).card;
    const decision = earn({ purchase, program, card, isNewCard: false, earnings }, ids);
    card = decision.card;
    earned += decision.earned;
    rewards += decision.rewards.length;
    for (const reward of decision.rewards) rewardsCost += reward.cost;
    if (counts && decision.earned > 0) {
      const { occurredAt, businessDate } = purchase;
      earnings.push({ occurredAt, businessDate, amount: decision.earned });
    }
  }
  moveUntil(undefined);
  return { earned, rewards, rewardsCost, balance: card.balance };
}

function isBefore(movement: Movement | undefined, purchase: Purchase | undefined): boolean {
  return movement !== undefined && movement.at <= (purchase?.occurredAt ?? Infinity);
}

function openingCard(history: CardHistory, program: Program, version: ProgramVersion): Card {
  const { cardId, customerId, openingBalance } = history;
  const earnedAt = history.purchases[0]?.occurredAt ?? 0;
  return {
    id: cardId,
    programId: program.id,
    customerId,
    code: '',
    status: 'active',
    balance: openingBalance,
    debt: history.openingDebt ?? 0,
    sequence: 0,
    versionNumber: version.number,
    activeUntil: null,
    lots:
      openingBalance === 0
        ? []
        : [{ id: 'lot_', cardId, earnedAt, expiresAt: null, remaining: openingBalance }],
  };
}

function add(a: Figures, b: Figures): Figures {
  return {
    earned: a.earned + b.earned,
    rewards: a.rewards + b.rewards,
    rewardsCost: a.rewardsCost + b.rewardsCost,
    balance: a.balance + b.balance,
  };
}

function isSame(a: Figures, b: Figures): boolean {
  return (
    a.earned === b.earned &&
    a.rewards === b.rewards &&
    a.rewardsCost === b.rewardsCost &&
    a.balance === b.balance
  );
}

/** Keeps the list short and in order: by what was earned, then by rewards, then by id. */
function keepMostChanged(list: ChangedCard[], card: ChangedCard): void {
  const last = list.at(-1);
  if (list.length === MOST_CHANGED && last && byChange(card, last) > 0) return;
  list.push(card);
  list.sort(byChange);
  list.length = Math.min(list.length, MOST_CHANGED);
}

function byChange(a: ChangedCard, b: ChangedCard): number {
  return (
    Math.abs(b.difference) - Math.abs(a.difference) ||
    Math.abs(rewardsGained(b)) - Math.abs(rewardsGained(a)) ||
    (a.cardId < b.cardId ? -1 : 1)
  );
}

function rewardsGained({ actual, draft }: ChangedCard): number {
  return draft.rewards - actual.rewards;
}
