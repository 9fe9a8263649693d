import { closeCard } from '../../../domain/customers/erase.ts';
import { step } from '../../../domain/earning/explanation.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type { OwnedReward } from '../../../domain/rewards/reward-books.ts';
import type { BusinessId, IdSource } from '../../../domain/values/ids.ts';
import { type Instant, localDate } from '../../../domain/values/time.ts';
import { describeAmount, presentAmount } from '../../../domain/values/units.ts';
import { hashRequest } from '../../../queues/job-id.ts';
import { balanceChanged } from '../card-events.ts';
import { rewardExpired } from '../reward-events.ts';

/** The end of a card whose customer is erased, as an entry of the books: what was on it expires. */
export function closingEntry(
  of: {
    businessId: BusinessId;
    card: Card;
    program: Program;
    rewards: readonly OwnedReward[];
    at: Instant;
  },
  ids: IdSource,
): BookEntry {
  const { businessId, card, program, rewards, at } = of;
  const { unit } = program;
  const change = closeCard({ card, rewards, at });
  const id = ids.id('txn');
  const receipt = { cardId: card.id, rewards: rewards.map((reward) => reward.id) };
  const held = [describeAmount(card.balance, unit), ...rewards.map((reward) => reward.name)];
  const first = card.balance > 0 ? 1 : 0;
  const sequence = card.sequence + first;
  const moved = { transactionId: id, change: -card.balance, unit, sequence };
  return cardEntry({
    id,
    businessId,
    kind: 'expiry',
    integration: 'system:erasure',
    externalId: card.id,
    requestHash: hashRequest(receipt),
    occurredAt: at,
    businessDate: localDate(at, program.zone),
    receipt,
    outcome: {
      id,
      cardId: card.id,
      programId: program.id,
      unit,
      amount: presentAmount(-card.balance, unit),
      balance: presentAmount(0, unit),
      explanation: [
        step(
          'card-closed',
          `The customer was erased; what was on the card went: ${held.join(', ')}`,
        ),
      ],
    },
    change,
    events: [
      ...(first ? [balanceChanged(change.card, moved, ids)] : []),
      ...rewards.map((reward, i) =>
        rewardExpired(
          { ...reward, expiresAt: at },
          { card, sequence: sequence + i + 1, transactionId: id, ids },
        ),
      ),
    ],
  });
}
