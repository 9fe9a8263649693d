import { closeCard } from '../../../domain/customers/erase.ts';
import { step } from '../../../domain/earning/explanation.ts';
import { type BookEntry, isBalanced } from '../../../domain/ledger/book-entry.ts';
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
  if (!isBalanced(change)) throw new Error(`the books would not balance on ${card.id}`);
  const id = ids.id('txn');
  const receipt = { cardId: card.id, rewards: rewards.map((reward) => reward.id) };
  const held = [describeAmount(card.balance, unit), ...rewards.map((reward) => reward.name)];
  const moved = { transactionId: id, change: -card.balance, unit };
  const first = card.balance > 0 ? 1 : 0;
  const afterBalance = { ...change, card: { ...change.card, sequence: card.sequence + 1 } };
  return {
    id,
    businessId,
    kind: 'expiry',
    integration: 'system:erasure',
    externalId: card.id,
    requestHash: hashRequest(receipt),
    storeId: null,
    customerId: card.customerId,
    status: 'recorded',
    occurredAt: at,
    receivedAt: at,
    businessDate: localDate(at, program.zone),
    originalId: null,
    receipt,
    judgement: null,
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
    newCustomer: null,
    cards: [change],
    events: [
      ...(first ? [balanceChanged(afterBalance, moved, ids)] : []),
      ...rewards.map((reward, i) =>
        rewardExpired(
          { ...reward, expiresAt: at },
          { card, sequence: card.sequence + first + i + 1, transactionId: id, ids },
        ),
      ),
    ],
  };
}
