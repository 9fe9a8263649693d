import type { BusinessConfig } from '../earning/decide-purchase.ts';
import type { Receipt } from '../earning/purchase.ts';
import type { CardChange, CardPerks } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { Program } from '../programs/program.ts';
import { takeBackUses } from '../promotions/refunded.ts';
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
  type Remains,
  remainingOf,
  sumRefunds,
} from './remaining.ts';
import type { SaleHoldings } from './holdings.ts';
import { takeBack, type TakenBack } from './take-back.ts';

/** A recorded sale, as far as a refund must know it. */
export interface RefundableSale {
  id: TransactionId;
  externalId: string;
  storeId: StoreId;
  customerId: CustomerId | null;
  receipt: Receipt;
  /** Null where it gave nothing: an anonymous sale, one under review, a blocked card. */
  judgement: SaleJudgement | null;
}

/** What is stored with a refund for those that follow it. */
export interface RefundJudgement {
  request: RefundRequest;
  cards: readonly {
    cardId: CardId;
    /** Ledger units counted as taken back, however they were. */
    reversed: number;
    /** Of those, what had expired and was left alone. */
    spared?: number;
    /** Of those, what was neither there nor is owed. */
    forgiven?: number;
  }[];
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
  holdings: ReadonlyMap<CardId, SaleHoldings>;
}

/** What a refund does to one card. */
export interface CardRefund {
  card: Card;
  program: Program;
  /** Ledger units counted as taken back. */
  reversed: number;
  /** Ledger units that the remains of the sale still earn. */
  keeps: number;
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
  const cards = (sale.judgement?.cards ?? []).flatMap((judgement) => {
    const program = config.programs.find((p) => p.id === judgement.programId);
    const card = state.cards.find((c) => c.id === judgement.cardId);
    if (!program || !card) return [];
    const { receipt } = sale;
    const keeps = judgeRemains(judgement, program, { receipt, remaining });
    const refund = { command, state, judgement, program, card, keeps: keeps.earned };
    const decided = refundCard(refund, ids);
    if (!judgement.noted) return [decided];
    const kept = judgeRemains(judgement, program, { receipt, remaining: before });
    return [{ ...decided, perks: takeBackPerks(judgement.noted, { ...decided, kept, keeps }) }];
  });
  const { currency } = sale.receipt;
  return {
    kind: 'refunded',
    store,
    refunded: { amount: before.total - remaining.total, currency },
    remaining: { amount: remaining.total, currency },
    cards,
    judgement: { request: command.request, cards: cards.flatMap(storedReversal) },
  };
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
  const past = state.past.flatMap((refund) => refund.cards.filter((c) => c.cardId === card.id));
  const reversedBefore = past.reduce((sum, refund) => sum + refund.reversed, 0);
  const reversed = Math.max(0, judgement.earned - reversedBefore - keeps);
  const holdings = state.holdings.get(card.id);
  if (reversed === 0 || !holdings) return { card, program, reversed: 0, keeps, takenBack: null };
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
  return { card: takenBack.change.card, program, reversed, keeps, takenBack };
}

/** Promotions get back what they gave to what was refunded, and levels what it counted. */
function takeBackPerks(
  { date, countsForLevels }: NonNullable<CardJudgement['noted']>,
  { kept, keeps, reversed }: { kept: Remains; keeps: Remains; reversed: number },
): CardPerks {
  const progress = { date, earned: -reversed, spend: keeps.spend - kept.spend };
  return {
    ...takeBackUses(kept.layers, keeps.layers, date),
    progress: countsForLevels ? progress : null,
    tierChange: null,
  };
}

/** Everything a refund does to a card, for the books; null where it does nothing. */
export function changeOfRefund({ card, takenBack, perks }: CardRefund): CardChange | null {
  if (takenBack) return perks ? { ...takenBack.change, perks } : takenBack.change;
  if (!perks) return null;
  return {
    card,
    balanceBefore: card.balance,
    debtBefore: card.debt,
    isNewCard: false,
    postings: [],
    newLots: [],
    draws: [],
    rewards: [],
    rewardChanges: [],
    perks,
  };
}

function storedReversal({ card, reversed, takenBack }: CardRefund): RefundJudgement['cards'] {
  if (reversed === 0) return [];
  const { spared = 0, forgiven = 0 } = takenBack ?? {};
  return [
    {
      cardId: card.id,
      reversed,
      ...(spared > 0 && { spared }),
      ...(forgiven > 0 && { forgiven }),
    },
  ];
}
