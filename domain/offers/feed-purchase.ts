import type { RecordedPurchase } from '../earning/decide-purchase.ts';
import type { CardDecision } from '../earning/earn.ts';
import type { ExplanationStep } from '../earning/explanation.ts';
import type { IdSource, TransactionId } from '../values/ids.ts';
import { awardOffer, isAwardDue, type OfferAward } from './award.ts';
import { contributionMinor } from './contribution.ts';
import { describeStep } from './describe.ts';
import { feedOffers } from './feed-offers.ts';
import type { OfferFeeding, OfferInstance, OfferNote } from './offer.ts';

/** A purchase with what it did to the customer's offers. */
export interface FedPurchase {
  /** The same decision; its cards know their offers and explain them. */
  decision: RecordedPurchase;
  feedings: readonly OfferFeeding[];
  /** What completed offers give, one transaction each. */
  awards: readonly OfferAward[];
}

/**
 * Brings a recorded purchase to the customer's offers, those of one program after those of another,
 * each to every one whose window it fell into. Offers that it completes give their benefit at once,
 * beside what the purchase itself earned.
 * @param sale our id of the sale and the till's (see `Contribution.reference`)
 */
export function feedPurchase(
  decision: RecordedPurchase,
  instances: readonly OfferInstance[],
  sale: { id: TransactionId; reference: string },
  ids: IdSource,
): FedPurchase {
  if (instances.length === 0 || decision.status !== 'recorded') {
    return { decision, feedings: [], awards: [] };
  }
  const { purchase } = decision;
  const fed: FedCard[] = decision.cards.map((card) => {
    const amountMinor = contributionMinor(card.program, {
      receipt: purchase,
      store: purchase.store,
      occurredAt: purchase.occurredAt,
      cardStatus: card.card.status,
    });
    const ours = instances.filter((instance) => instance.cardId === card.card.id);
    if (amountMinor === 0 || ours.length === 0 || card.isWithheld)
      return { card, feedings: [], awards: [] };
    const contribution = {
      transactionId: sale.id,
      reference: sale.reference,
      occurredAt: purchase.occurredAt,
      amountMinor,
    };
    return awardOnCard(card, feedOffers(inOrder(ours), [contribution]), ids);
  });
  return {
    decision: { ...decision, cards: fed.map(({ card }) => card) },
    feedings: fed.flatMap(({ feedings }) => feedings),
    awards: fed.flatMap(({ awards }) => awards),
  };
}

interface FedCard {
  card: CardDecision;
  feedings: readonly OfferFeeding[];
  awards: readonly OfferAward[];
}

function awardOnCard(
  decision: CardDecision,
  feedings: readonly OfferFeeding[],
  ids: IdSource,
): FedCard {
  const { program } = decision;
  let { card } = decision;
  const awards: OfferAward[] = [];
  const notes: OfferNote[] = [];
  const steps: ExplanationStep[] = [];
  const after = feedings.map((feeding) => {
    const award = isAwardDue(feeding.instance, card)
      ? awardOffer({ instance: feeding.instance, card, program }, ids)
      : undefined;
    if (award) {
      awards.push(award);
      card = award.change.card;
    }
    const instance = award?.instance ?? feeding.instance;
    const { kind } = feeding.step;
    if (kind === 'progress' || kind === 'completed' || kind === 'moved') {
      steps.push(describeStep(feeding, program));
      const { id, offerId, terms } = instance;
      notes.push({
        instanceId: id,
        offerId,
        name: terms.name,
        step: kind,
        awardId: award?.id ?? null,
      });
    }
    return { ...feeding, instance };
  });
  return {
    card: {
      ...decision,
      explanation: [...decision.explanation, ...steps],
      ...(notes.length > 0 && { offers: { card, notes } }),
    },
    feedings: after,
    awards,
  };
}

/** Oldest first, so that what several give at once is given in the same order everywhere. */
function inOrder(instances: readonly OfferInstance[]): OfferInstance[] {
  return instances.toSorted((a, b) => a.opensAt - b.opensAt || (a.id < b.id ? -1 : 1));
}
