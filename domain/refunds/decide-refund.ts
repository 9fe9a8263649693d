import type { BusinessConfig } from '../earning/decide-purchase.ts';
import type { Receipt } from '../earning/purchase.ts';
import { type CardChange, cardChange, type CardPerks } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { Program } from '../programs/program.ts';
import { takeBackUses } from '../promotions/refunded.ts';
import { type HeldLevel, loseLevel } from '../tiers/lose-level.ts';
import { ladderOf } from '../tiers/tiers.ts';
import { acceptOccurredAt, type Store } from '../tenancy/business.ts';
import type { CardId, CustomerId, IdSource, StoreId, TransactionId } from '../values/ids.ts';
import type { Money } from '../values/money.ts';
import type { Instant } from '../values/time.ts';
import type { CardJudgement, SaleJudgement } from './judgement.ts';
import {
  findRefundFault,
  type RefundFault,
  type RefundRequest,
  judgeRemains,
  type Remaining,
  type Remains,
  remainingOf,
  sumRefunds,
} from './remaining.ts';
import type { SaleHoldings } from './holdings.ts';
import { givePointsBack, type PointsBack, type SpentPoints, stillUsed } from './points-back.ts';
import { takeBack, type TakenBack } from './take-back.ts';

/**
 * A recorded sale, as far as a refund must know it, with what it gave later, when it was claimed or
 * approved.
 */
export interface RefundableSale {
  id: TransactionId;
  /** The transactions that earned: the sale itself, its claim, what released what was held of it. */
  earnedIn: readonly TransactionId[];
  /** Of the receipt of a sale that named nobody. */
  claimCode: string | null;
  externalId: string;
  storeId: StoreId;
  /** Who it earned for, or who carries their cards on. */
  customerId: CustomerId | null;
  soldAt: Instant;
  receipt: Receipt;
  /** Null where it gave nothing: an anonymous sale, one under review, a blocked card. */
  judgement: SaleJudgement | null;
}

/** What is stored with a refund for those that follow it. */
export interface RefundJudgement {
  request: RefundRequest;
  cards: readonly {
    /** As in the sale's judgement, whatever the card was merged into since. */
    cardId: CardId;
    /** Ledger units counted as taken back, however they were. */
    reversed: number;
    /** Of those, what had expired and was left alone. */
    spared?: number;
    /** Of those, what was neither there nor is owed. */
    forgiven?: number;
  }[];
  /** Ledger units given back of the points that paid for the sale; absent for none. */
  pointsBack?: number;
}

export interface RefundCommand {
  request: RefundRequest;
  /** Where the money was given back; the sale's own store unless said. */
  storeId: StoreId | undefined;
  occurredAt: Instant;
  receivedAt: Instant;
}

export interface RefundState {
  config: BusinessConfig;
  sale: RefundableSale;
  past: readonly RefundJudgement[];
  /** The customer's cards, locked. */
  cards: readonly Card[];
  /** By the card that carries on. */
  holdings: ReadonlyMap<CardId, SaleHoldings>;
  /** What carries on cards that were merged since the sale; others are their own. */
  homes?: ReadonlyMap<CardId, CardId>;
  /** Points that the sale was paid with; absent where it was not. */
  spent?: SpentPoints | undefined;
  /** What speaks for the levels of cards, by the card that carries on; absent for none. */
  levels?: ReadonlyMap<CardId, HeldLevel>;
}

/** What a refund does to one card. */
export interface CardRefund {
  card: Card;
  program: Program;
  /** Ledger units counted as taken back. */
  reversed: number;
  /** Ledger units that the remains of the sale still earn. */
  keeps: number;
  /** The card as the sale's judgement names it. */
  soldOn: CardId;
  /** Null where nothing had to move. */
  takenBack: TakenBack | null;
  /** What promotions and levels get back; absent where they had noted nothing. */
  perks?: CardPerks;
}

export interface RecordedRefund {
  kind: 'refunded';
  store: Store;
  refunded: Money;
  /** What is left of the sale. */
  remaining: Money;
  cards: readonly CardRefund[];
  /** Given back before the rest is taken, so that it need not be owed. */
  pointsBack: PointsBack | null;
  judgement: RefundJudgement;
}

/** Refusals, in order of precedence. */
export type RefundRefusal = 'unknown-store' | 'occurred-in-future' | RefundFault;

export type RefundDecision = RecordedRefund | { kind: 'refused'; code: RefundRefusal };

/**
 * Judges a refund. Each card loses what the sale gave it, less what was taken back already, less what
 * the remains of the sale would have earned under the rules that judged it; so the parts of a sale
 * never lose more, nor less, than the whole, in whatever order they go.
 */
export function decideRefund(
  command: RefundCommand,
  state: RefundState,
  ids: IdSource,
): RefundDecision {
  const { sale, config } = state;
  const store = config.stores.find((s) => s.id === (command.storeId ?? sale.storeId));
  if (!store) return { kind: 'refused', code: 'unknown-store' };
  if (acceptOccurredAt(config.business, command) === 'in-future') {
    return { kind: 'refused', code: 'occurred-in-future' };
  }
  const past = state.past.map((refund) => refund.request);
  const fault = findRefundFault(sale.receipt, past, command.request);
  if (fault) return { kind: 'refused', code: fault };

  const before = remainingOf(sale.receipt, sumRefunds(past));
  const remaining = remainingOf(sale.receipt, sumRefunds([...past, command.request]));
  const pointsBack = returnPoints(command, state, remaining, ids);
  const given = pointsBack?.change.card;
  const cards = (sale.judgement?.cards ?? []).flatMap((judgement) => {
    const program = config.programs.find((p) => p.id === judgement.programId);
    const home = homeOf(state, judgement.cardId);
    const card = given?.id === home ? given : state.cards.find((c) => c.id === home);
    if (!program || !card) return [];
    const { receipt } = sale;
    const keeps = judgeRemains(judgement, program, { receipt, remaining });
    const decided = refundCard(
      { command, state, judgement, program, card, keeps: keeps.earned },
      ids,
    );
    if (!judgement.noted) return [decided];
    const kept = judgeRemains(judgement, program, { receipt, remaining: before });
    const level = state.levels?.get(home);
    const clock = { at: command.occurredAt, zone: program.zone };
    const perks = takeBackPerks(judgement.noted, { ...decided, kept, keeps, level, clock });
    return [withPerks(decided, perks)];
  });
  const { currency } = sale.receipt;
  return {
    kind: 'refunded',
    store,
    refunded: { amount: before.total - remaining.total, currency },
    remaining: { amount: remaining.total, currency },
    cards,
    pointsBack,
    judgement: {
      request: command.request,
      cards: cards.flatMap(storedReversal),
      ...(pointsBack && { pointsBack: pointsBack.amount }),
    },
  };
}

function homeOf({ homes }: RefundState, cardId: CardId): CardId {
  return homes?.get(cardId) ?? cardId;
}

/** What of the points that paid for the sale is not used any more; null where nothing comes back. */
function returnPoints(
  { occurredAt: at }: RefundCommand,
  { sale, spent, cards, config, past }: RefundState,
  remaining: Remaining,
  ids: IdSource,
): PointsBack | null {
  const card = cards.find(({ id }) => id === spent?.cardId);
  const program = config.programs.find(({ id }) => id === card?.programId);
  // Nobody can use what is on a closed card.
  if (!spent || !card || !program || card.status === 'closed') return null;
  const paid = spent.draws.reduce((sum, draw) => sum + draw.amount, 0);
  const left = { remaining: remaining.total, total: sale.receipt.total, soldAt: sale.soldAt };
  const used = remaining.isEmpty ? 0 : stillUsed(paid, left, program);
  const before = past.reduce((sum, refund) => sum + (refund.pointsBack ?? 0), 0);
  const amount = paid - used - before;
  if (amount <= 0) return null;
  return givePointsBack(spent, { amount, before }, { card, program, at }, ids);
}

interface CardCase {
  command: RefundCommand;
  state: RefundState;
  judgement: CardJudgement;
  program: Program;
  card: Card;
  keeps: number;
}

function refundCard(
  { command, state, judgement, program, card, keeps }: CardCase,
  ids: IdSource,
): CardRefund {
  const soldOn = judgement.cardId;
  const past = state.past.flatMap((refund) => refund.cards.filter((c) => c.cardId === soldOn));
  const reversedBefore = past.reduce((sum, refund) => sum + refund.reversed, 0);
  const reversed = Math.max(0, judgement.earned - reversedBefore - keeps);
  const holdings = state.holdings.get(card.id);
  if (reversed === 0 || !holdings) {
    return { card, program, soldOn, reversed: 0, keeps, takenBack: null };
  }
  const version = program.versions.find((v) => v.number === judgement.version);
  const takenBack = takeBack(
    {
      card,
      program,
      lotId: judgement.lotId,
      amount: reversed,
      holdings,
      sparedBefore: past.reduce((sum, refund) => sum + (refund.spared ?? 0), 0),
      // Nobody can ever repay what a closed card owes.
      owes: version?.refundDebt !== 'stop-at-zero' && card.status !== 'closed',
      at: command.occurredAt,
    },
    ids,
  );
  return { card: takenBack.change.card, program, soldOn, reversed, keeps, takenBack };
}

/** Promotions get back what they gave to what was refunded, and levels what it counted. */
function takeBackPerks(
  { date, countsForLevels }: NonNullable<CardJudgement['noted']>,
  refund: Omit<CardRefund, 'keeps'> & {
    kept: Remains;
    keeps: Remains;
    level: HeldLevel | undefined;
    clock: { at: Instant; zone: string };
  },
): CardPerks {
  const { card, program, soldOn, kept, keeps, reversed, level, clock } = refund;
  const spend = kept.spend - keeps.spend;
  const taken = { date, earned: reversed, spend };
  const ladder = level && ladderOf(level.rules, program.unit);
  return {
    ...takeBackUses(kept.layers, keeps.layers, date),
    ...(soldOn !== card.id && { notedOn: soldOn }),
    progress: countsForLevels ? { date, earned: -reversed, spend: -spend } : null,
    tierChange: ladder && countsForLevels ? loseLevel(ladder, level, taken, clock) : null,
  };
}

/** A change of level is a fact of its own. */
function withPerks(refund: CardRefund, perks: CardPerks): CardRefund {
  if (!perks.tierChange) return { ...refund, perks };
  const { takenBack } = refund;
  const card = { ...refund.card, sequence: refund.card.sequence + 1 };
  const change = takenBack && { ...takenBack.change, card };
  return { ...refund, card, takenBack: takenBack && change && { ...takenBack, change }, perks };
}

/** Everything a refund does to a card, for the books; null where it does nothing. */
export function changeOfRefund({ card, takenBack, perks }: CardRefund): CardChange | null {
  if (takenBack) return perks ? { ...takenBack.change, perks } : takenBack.change;
  if (!perks) return null;
  return cardChange(card, {
    perks,
  });
}

function storedReversal({ soldOn, reversed, takenBack }: CardRefund): RefundJudgement['cards'] {
  if (reversed === 0) return [];
  const { spared = 0, forgiven = 0 } = takenBack ?? {};
  return [
    {
      cardId: soldOn,
      reversed,
      ...(spared > 0 && { spared }),
      ...(forgiven > 0 && { forgiven }),
    },
  ];
}
