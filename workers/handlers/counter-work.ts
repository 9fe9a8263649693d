import type { CounterBooks } from '../../domain/counter/counter-books.ts';
import type { ExplanationStep } from '../../domain/earning/explanation.ts';
import type { BookEntry, CardChange } from '../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../domain/ledger/card-entry.ts';
import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { Program } from '../../domain/programs/program.ts';
import type { IdSource, StoreId, TransactionId } from '../../domain/values/ids.ts';
import { localDate } from '../../domain/values/time.ts';
import { presentAmount } from '../../domain/values/units.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { balanceChanged } from './card-events.ts';
import { rewardIssued } from './reward-events.ts';

/** What commands of a counter work with. */
export interface CounterRepos {
  books: LedgerBooks;
  counter: CounterBooks;
}

export interface CounterDependencies {
  store: CommandStore<CounterRepos>;
  ids: IdSource;
}

/** What a counter did to a card, as an entry of the books and as its answer. */
export function counterEntry(
  message: Envelope,
  done: {
    change: CardChange;
    program: Program;
    /** Stamps; negative where they were taken back. */
    amount: number;
    storeId: StoreId | null;
    originalId: TransactionId | null;
    receipt: object;
    explanation: ExplanationStep;
  },
  ids: IdSource,
): BookEntry {
  const { change, program, amount, storeId, originalId, receipt, explanation } = done;
  const { card, rewards } = change;
  const id = ids.id('txn');
  const at = Date.parse(message.receivedAt);
  const { unit } = program;
  const firstSequence = card.sequence - rewards.length;
  return cardEntry({
    id,
    businessId: message.businessId,
    kind: 'award',
    integration: `${message.principal.kind}:${message.principal.id}`,
    externalId: message.id,
    requestHash: message.requestHash,
    storeId,
    occurredAt: at,
    businessDate: localDate(at, program.zone),
    originalId,
    receipt,
    outcome: {
      id,
      cardId: card.id,
      programId: program.id,
      unit,
      amount: presentAmount(amount, unit),
      balance: presentAmount(card.balance, unit),
      rewardsIssued: rewards.map(({ id: rewardId, name, code }) => ({ id: rewardId, name, code })),
      explanation: [explanation],
    },
    change,
    events: [
      balanceChanged(
        card,
        { transactionId: id, change: amount, unit, sequence: firstSequence },
        ids,
      ),
      ...rewards.map((reward, i) =>
        rewardIssued(reward, { card, sequence: firstSequence + i + 1, transactionId: id, ids }),
      ),
    ],
  });
}
