import type { BusinessConfig } from '../../../domain/earning/decide-purchase.ts';
import { type ExplanationStep, step } from '../../../domain/earning/explanation.ts';
import type { BookEntry, CardChange } from '../../../domain/ledger/book-entry.ts';
import type { CustomerId, IdSource, TransactionId } from '../../../domain/values/ids.ts';
import { type Instant, localDate } from '../../../domain/values/time.ts';
import { describeAmount, presentAmount } from '../../../domain/values/units.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { balanceChanged, cardIdentity, tierChanged } from '../card-events.ts';

/** What a merge, or its undoing, brings into the books. */
export interface Books {
  message: Envelope;
  id: TransactionId;
  at: Instant;
  kind: 'merge' | 'unmerge';
  survivorId: CustomerId;
  mergedId: CustomerId;
  config: BusinessConfig | undefined;
  changes: readonly { from: CardChange; into: CardChange }[];
}

/** The entry that both are: what moved between which cards, and the facts of it. */
export function mergeEntry(books: Books, ids: IdSource): BookEntry {
  const { message, id, at, kind, survivorId, mergedId, changes } = books;
  const programs = books.config?.programs ?? [];
  const unitOf = ({ card }: CardChange) =>
    programs.find((program) => program.id === card.programId)?.unit ?? 'stamp';
  const moved = ({ from }: { from: CardChange }) =>
    Math.abs(from.card.balance - from.balanceBefore);

  const events: OutboxEvent[] = [
    {
      id: ids.id('evt'),
      type: kind === 'merge' ? 'customer.merged' : 'customer.unmerged',
      data: { customerId: mergedId, survivorId },
    },
  ];
  for (const { from, into } of changes) {
    const unit = unitOf(into);
    if (kind === 'merge') {
      const { card } = from;
      events.push({
        id: ids.id('evt'),
        type: 'card.merged',
        data: { ...cardIdentity(card), sequence: card.sequence, intoCardId: into.card.id },
      });
    }
    for (const change of kind === 'merge' ? [into] : [from, into]) {
      const { card, perks } = change;
      const tierChange = perks?.tierChange;
      if (change.postings.length > 0) {
        const difference = card.balance - change.balanceBefore;
        const sequence = card.sequence - Number(!!tierChange);
        const moved = { transactionId: id, change: difference, unit, sequence };
        events.push(balanceChanged(card, moved, ids));
      }
      if (tierChange) {
        const reached = kind === 'merge' && { direction: 'up' as const };
        events.push(tierChanged(card, { ...tierChange, ...reached }, card.sequence, ids));
      }
    }
  }
  return {
    id,
    businessId: message.businessId,
    kind,
    integration: `${message.principal.kind}:${message.principal.id}`,
    externalId: message.id,
    requestHash: message.requestHash,
    storeId: null,
    customerId: survivorId,
    status: 'recorded',
    occurredAt: at,
    receivedAt: at,
    businessDate: localDate(at, programs[0]?.zone ?? 'UTC'),
    originalId: null,
    receipt: { survivorId, mergedId },
    judgement: null,
    outcome: {
      id,
      survivorId,
      mergedId,
      cards: changes.map((pair) => {
        const unit = unitOf(pair.into);
        const text = `${describeAmount(moved(pair), unit)} moved ${kind === 'merge' ? 'here from' : 'back to'} the other card`;
        return {
          cardId: pair.into.card.id,
          otherCardId: pair.from.card.id,
          programId: pair.into.card.programId,
          moved: presentAmount(moved(pair), unit),
          balance: presentAmount(pair.into.card.balance, unit),
          explanation: [
            step(kind === 'merge' ? 'merged' : 'unmerged', text),
            ...levelSteps(pair.into),
          ],
        };
      }),
    },
    newCustomer: null,
    cards: changes.flatMap(({ from, into }) => [from, into]),
    events,
  };
}

function levelSteps({ perks }: CardChange): ExplanationStep[] {
  if (!perks?.tierChange) return [];
  const { from, to } = perks.tierChange;
  const text = `The level is ${to.level ?? 'none'}; it was ${from ?? 'none'}`;
  return [step('tier-changed', text)];
}
