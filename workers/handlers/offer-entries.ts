import { step } from '../../domain/earning/explanation.ts';
import type { BookEntry } from '../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../domain/ledger/card-entry.ts';
import type { OfferAward } from '../../domain/offers/award.ts';
import { describeBenefit } from '../../domain/offers/describe.ts';
import type { TakenBackAward } from '../../domain/offers/take-back-award.ts';
import type { OfferFeeding } from '../../domain/offers/offer.ts';
import type { IdSource, StoreId, TransactionId } from '../../domain/values/ids.ts';
import { type Instant, localDate } from '../../domain/values/time.ts';
import { presentAmount } from '../../domain/values/units.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { balanceChanged } from './card-events.ts';
import { rewardIssued, rewardRevoked } from './reward-events.ts';

/** Who awards what offers give. */
const INTEGRATION = 'system:offers';

/**
 * What a completed offer gives, as an entry of its own: beside the sale's, so that a refund of the
 * sale never mistakes it for what the sale earned. Its external id is the offer's, with how often it
 * was given, so that the books themselves refuse to give it twice.
 */
export function awardEntry(
  award: OfferAward,
  cause: {
    message: Pick<Envelope, 'businessId' | 'requestHash' | 'receivedAt'>;
    /** The sale that completed it. */
    originalId: TransactionId;
    storeId: StoreId | null;
  },
  ids: IdSource,
): BookEntry {
  const { instance, program, change, at } = award;
  const { message, originalId, storeId } = cause;
  const { terms } = instance;
  const amount = change.newLots.reduce((sum, lot) => sum + lot.amount, 0);
  return cardEntry({
    id: award.id,
    businessId: message.businessId,
    kind: 'award',
    integration: INTEGRATION,
    externalId: `${instance.id}/${instance.awards}`,
    requestHash: message.requestHash,
    storeId,
    customerId: instance.customerId,
    occurredAt: at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(at, program.zone),
    originalId,
    receipt: { offerId: instance.offerId, instanceId: instance.id },
    // What is to be taken back, should a refund leave the offer incomplete.
    judgement: { lotId: change.newLots[0]?.id ?? null },
    outcome: {
      id: award.id,
      cardId: change.card.id,
      programId: program.id,
      unit: program.unit,
      amount: presentAmount(amount, program.unit),
      balance: presentAmount(change.card.balance, program.unit),
      rewardsIssued: change.rewards.map(({ id, name, code }) => ({ id, name, code })),
      explanation: [
        step('offer-completed', `${terms.name} completed: ${describeBenefit(instance, program)}`),
      ],
    },
    change,
    events: awardEvents(award, amount, ids),
  });
}

/** An award taken back, as an entry of its own: history shows both. */
export function takenBackEntry(
  back: TakenBackAward,
  cause: {
    message: Pick<Envelope, 'businessId' | 'requestHash' | 'receivedAt'>;
    at: Instant;
    storeId: StoreId | null;
  },
  ids: IdSource,
): BookEntry {
  const { instance, program, change, revoked } = back;
  const { message, at, storeId } = cause;
  const { card } = change;
  const lost = change.balanceBefore - card.balance + (card.debt - change.debtBefore);
  const { unit } = program;
  return cardEntry({
    id: back.id,
    businessId: message.businessId,
    kind: 'award',
    integration: INTEGRATION,
    externalId: `${instance.id}/${instance.awards}/back`,
    requestHash: message.requestHash,
    storeId,
    customerId: instance.customerId,
    occurredAt: at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(at, program.zone),
    originalId: back.awardId,
    receipt: { offerId: instance.offerId, instanceId: instance.id },
    outcome: {
      id: back.id,
      cardId: card.id,
      programId: program.id,
      unit,
      amount: presentAmount(-lost, unit),
      balance: presentAmount(card.balance, unit),
      rewardsRevoked: revoked.map(({ id, name }) => ({ id, name })),
      explanation: [
        step(
          'offer-withdrawn',
          `A refund leaves ${instance.terms.name} incomplete: what it gave is taken back`,
        ),
      ],
    },
    change,
    events: takenBackEvents(back, lost, ids),
  });
}

function takenBackEvents(
  { id, change, program, revoked }: TakenBackAward,
  lost: number,
  ids: IdSource,
): OutboxEvent[] {
  const { card, rewards, postings } = change;
  let sequence = card.sequence - revoked.length - rewards.length;
  const moved = { transactionId: id, change: -lost, unit: program.unit, sequence };
  const events: OutboxEvent[] = postings.length > 0 ? [balanceChanged(card, moved, ids)] : [];
  const next = () => ({ card, sequence: ++sequence, transactionId: id, ids });
  for (const reward of revoked) events.push(rewardRevoked(reward, next()));
  for (const reward of rewards) events.push(rewardIssued(reward, next()));
  return events;
}

/** What offers have to tell the world: completions, and those that came to be otherwise. */
export function offerEvents(feedings: readonly OfferFeeding[], ids: IdSource): OutboxEvent[] {
  return feedings.flatMap(({ instance, step: { kind }, isNew }): OutboxEvent[] => {
    const data = {
      instanceId: instance.id,
      offerId: instance.offerId,
      programId: instance.programId,
      cardId: instance.cardId,
      customerId: instance.customerId,
    };
    const closesAt = new Date(instance.closesAt).toISOString();
    const given: OutboxEvent[] = isNew
      ? [{ id: ids.id('evt'), type: 'offer.given', data: { ...data, closesAt } }]
      : [];
    if (kind === 'withdrawn') {
      return [...given, { id: ids.id('evt'), type: 'offer.withdrawn', data }];
    }
    if ((kind !== 'completed' && kind !== 'moved') || !instance.completion) return given;
    const completedAt = new Date(instance.completion.at).toISOString();
    const { transactionId } = instance.completion;
    return [
      ...given,
      {
        id: ids.id('evt'),
        type: kind === 'completed' ? 'offer.completed' : 'offer.moved',
        data: { ...data, transactionId, completedAt },
      },
    ];
  });
}

function awardEvents(
  { change, program, id }: OfferAward,
  amount: number,
  ids: IdSource,
): OutboxEvent[] {
  const { card, rewards } = change;
  let sequence = card.sequence - rewards.length;
  const moved = { transactionId: id, change: amount, unit: program.unit, sequence };
  const events: OutboxEvent[] =
    change.postings.length > 0 ? [balanceChanged(card, moved, ids)] : [];
  for (const reward of rewards) {
    events.push(rewardIssued(reward, { card, sequence: ++sequence, transactionId: id, ids }));
  }
  return events;
}
