import { activeUntilAfter, lotExpiry, withActivity } from '../expiry/lot-expiry.ts';
import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { applyDraws, drawFromLots, type NewLot, sumDraws } from '../ledger/lots.ts';
import type { Posting } from '../ledger/posting.ts';
import { judgingVersion, type Program } from '../programs/program.ts';
import { type IssuedReward, mintRewards } from '../rewards/mint.ts';
import type { IdSource, TransactionId } from '../values/ids.ts';
import { endOfDay, type Instant, localDate } from '../values/time.ts';
import { toLedgerUnits } from '../values/units.ts';
import type { OfferBenefit, OfferInstance } from './offer.ts';

/** The benefit of a completed offer on its way onto the card: a transaction of its own. */
export interface OfferAward {
  id: TransactionId;
  /** As it is afterwards: it knows its award. */
  instance: OfferInstance;
  program: Program;
  /** When the offer was completed. */
  at: Instant;
  change: CardChange;
}

/** Whether a complete offer still has to give what it promised. Once an instance, wherever its
 * completion moves; on a card that takes no more changes never. */
export function isAwardDue(instance: OfferInstance, card: Card): boolean {
  const isOpen = card.status !== 'closed' && card.status !== 'merged';
  return instance.completion !== null && instance.awardId === null && isOpen;
}

/**
 * Gives the benefit of a completed offer: an amount is a lot of its own, which repays what the card
 * owes and may complete rewards; a reward costs nothing.
 * @throws RangeError when the offer is not complete
 */
export function awardOffer(
  input: { instance: OfferInstance; card: Card; program: Program },
  ids: IdSource,
): OfferAward {
  const { instance, card, program } = input;
  if (!instance.completion) throw new RangeError(`${instance.id} is not complete`);
  const { at } = instance.completion;
  const { benefit } = instance.terms;
  const id = ids.id('txn');
  return {
    id,
    instance: { ...instance, awardId: id, awards: instance.awards + 1 },
    program,
    at,
    change:
      benefit.kind === 'balance'
        ? creditAmount(
            { card, program, at, amount: toLedgerUnits(benefit.amount, program.unit) },
            ids,
          )
        : giveReward({ card, program, at, benefit }, ids),
  };
}

/** Puts an amount on a card as earned: it repays what is owed, and may complete rewards. */
export function creditAmount(
  { card, program, at, amount }: { card: Card; program: Program; at: Instant; amount: number },
  ids: IdSource,
): CardChange {
  const version = judgingVersion(program, card, at);
  const activeUntil = version ? activeUntilAfter(program, version, { at, card }) : card.activeUntil;
  const lot: NewLot = {
    id: ids.id('lot'),
    cardId: card.id,
    earnedAt: at,
    ...lotExpiry(version?.expiry ?? { kind: 'none' }, { at, zone: program.zone, card }),
    amount,
    remaining: amount,
  };
  const repaid = Math.min(card.debt, amount);
  const lots = withActivity([...card.lots, lot], activeUntil);
  const repaying = repaid > 0 ? drawFromLots(lots, repaid) : [];
  const versionNumber = version?.number ?? card.versionNumber;
  const minted = mintRewards(
    program,
    {
      cardId: card.id,
      balance: card.balance + amount - repaid,
      lots: applyDraws(lots, repaying),
      versionNumber,
      at,
    },
    ids,
  );
  const postings: Posting[] = [
    { cardId: card.id, from: 'issued', to: 'card', amount, draws: [] },
    ...(repaid > 0
      ? [{ cardId: card.id, from: 'card', to: 'debt', amount: repaid, draws: repaying } as const]
      : []),
    ...minted.postings,
  ];
  const left = minted.lots.find((l) => l.id === lot.id)?.remaining ?? amount;
  return cardChange(card, {
    card: {
      ...card,
      balance: minted.balance,
      debt: card.debt - repaid,
      activeUntil,
      lots: minted.lots.filter((l) => l.remaining > 0),
      versionNumber: minted.versionNumber,
      sequence: card.sequence + 1 + minted.rewards.length,
    },
    postings,
    newLots: [{ ...lot, remaining: left }],
    draws: sumDraws(postings.flatMap((posting) => posting.draws)).filter(
      (draw) => draw.lotId !== lot.id,
    ),
    rewards: minted.rewards,
  });
}

function giveReward(
  input: {
    card: Card;
    program: Program;
    at: Instant;
    benefit: OfferBenefit & { kind: 'reward' };
  },
  ids: IdSource,
): CardChange {
  const { card, program, at, benefit } = input;
  const { validForDays } = benefit;
  const reward: IssuedReward = {
    id: ids.id('rwd'),
    definitionId: benefit.definitionId,
    cardId: card.id,
    code: ids.code(),
    name: benefit.name,
    benefit: benefit.benefit,
    cost: 0,
    versionNumber: card.versionNumber,
    issuedAt: at,
    expiresAt:
      validForDays === null
        ? null
        : endOfDay(localDate(at, program.zone), validForDays, program.zone),
    funding: [],
  };
  return cardChange(card, {
    card: { ...card, sequence: card.sequence + 1 },
    rewards: [reward],
  });
}
