import { type ExplanationStep, step } from '../../domain/earning/explanation.ts';
import type { ExpiryBooks } from '../../domain/expiry/expiry-books.ts';
import { type BookEntry, cardChange } from '../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../domain/ledger/card-entry.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { Program } from '../../domain/programs/program.ts';
import { expireReward, releaseReservation } from '../../domain/rewards/life.ts';
import type { OverdueQuery, OwnedReward } from '../../domain/rewards/reward-books.ts';
import type { RewardChange } from '../../domain/rewards/reward.ts';
import type { BusinessId, IdSource } from '../../domain/values/ids.ts';
import { DAY_MS, type Instant, localDate } from '../../domain/values/time.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { hashRequest } from '../../queues/job-id.ts';
import type { CommandOutcome } from '../../queues/outcome.ts';
import type { Handler } from './handler.ts';
import { rewardExpired, type RewardEventContext, rewardReleased } from './reward-events.ts';
import type { RewardRepos } from './reward-visit.ts';

export interface SweepDependencies {
  store: CommandStore<RewardRepos & { expiry: ExpiryBooks }>;
  ids: IdSource;
  now: () => Instant;
}

type SweepName = 'expire-rewards' | 'release-reservations';

/** What a sweep writes down about a reward, and how it says so. */
interface Sweep {
  what: OverdueQuery['what'];
  change: (reward: OwnedReward, at: Instant) => RewardChange | undefined;
  event: (reward: OwnedReward, context: RewardEventContext) => OutboxEvent;
  explain: (reward: OwnedReward) => ExplanationStep;
}

const sweeps: Record<SweepName, Sweep> = {
  'expire-rewards': {
    what: 'expiry',
    change: expireReward,
    event: rewardExpired,
    explain: ({ name }) => step('reward-expired', `${name} was not used in time`),
  },
  'release-reservations': {
    what: 'reservation',
    change: releaseReservation,
    event: rewardReleased,
    explain: ({ name }) => step('reward-released', `${name}: the reservation timed out`),
  },
};

/** Rewards a transaction: few, so that a sale on one of their cards waits for milliseconds. */
const BATCH = 50;
/** A run ends after this, so that a worker that is told to stop can; the next tick goes on. */
const MAX_RUN_MS = 15_000;

/**
 * Writes down what time has done to rewards. Nobody waits for it, because every decision and read
 * goes by the clock; it may come late, twice, or die half-way, and never waits for a card that a sale
 * holds. Outcome: always `completed`.
 */
export function createRewardSweep(deps: SweepDependencies, name: SweepName): Handler<SweepName> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId, payload } of messages) {
      const at = Math.min(Date.parse(payload.at), deps.now());
      const endMs = deps.now() + MAX_RUN_MS;
      let swept = 0;
      let last: number;
      do {
        last = await sweepBatch(deps, sweeps[name], { businessId, at });
        swept += last;
        // Less than a batch: what is left is held by others, or nothing is.
      } while (last === BATCH && deps.now() < endMs);
      outcomes.push({ status: 'completed', transactionId: null, result: { rewards: swept } });
    }
    return outcomes;
  };
}

/** @returns how many rewards it wrote down */
function sweepBatch(
  { store, ids, now }: SweepDependencies,
  sweep: Sweep,
  { businessId, at }: { businessId: BusinessId; at: Instant },
): Promise<number> {
  return store.transact(async ({ books, expiry, rewards }) => {
    const query = { what: sweep.what, at, limit: BATCH };
    const due = await rewards.findOverdue(businessId, query);
    const cards = await expiry.claimCards(businessId, {
      cardIds: [...new Set(due.map((reward) => reward.cardId))],
      // A reward's time is over whatever else happens on its card.
      restingSince: now() + DAY_MS,
    });
    if (cards.length === 0) return 0;
    const config = await books.loadConfig(businessId);
    // Once more, now that their cards are ours: somebody may have used one while we looked.
    const still = await rewards.findOverdue(businessId, query);
    const receivedAt = now();
    const entries = cards.flatMap((card) => {
      const program = config?.programs.find((p) => p.id === card.programId);
      const own = still.filter((reward) => reward.cardId === card.id);
      if (!program || own.length === 0) return [];
      return [sweepEntry(own, sweep, { businessId, card, program, at, receivedAt }, ids)];
    });
    await books.write(entries);
    return still.filter((reward) => cards.some((card) => card.id === reward.cardId)).length;
  });
}

/** What time did to the rewards of one card, as an entry of the books. */
function sweepEntry(
  rewards: readonly OwnedReward[],
  sweep: Sweep,
  of: {
    businessId: BusinessId;
    card: Card;
    program: Program;
    at: Instant;
    receivedAt: Instant;
  },
  ids: IdSource,
): BookEntry {
  const { businessId, card, program, at, receivedAt } = of;
  const id = ids.id('txn');
  const rewardChanges = rewards.flatMap((reward) => sweep.change(reward, at) ?? []);
  const receipt = { cardId: card.id, rewards: rewards.map((reward) => reward.id) };
  const change = cardChange(card, {
    card: { ...card, sequence: card.sequence + rewardChanges.length },
    rewardChanges,
  });
  return cardEntry({
    id,
    businessId,
    kind: 'reward',
    integration: 'system:rewards',
    externalId: `${card.id}/${change.card.sequence}`,
    requestHash: hashRequest(receipt),
    occurredAt: at,
    receivedAt,
    businessDate: localDate(at, program.zone),
    receipt,
    outcome: { id, cardId: card.id, explanation: rewards.map(sweep.explain) },
    change,
    events: rewards.map((reward, i) => {
      const sequence = card.sequence + i + 1;
      return sweep.event(reward, { card, sequence, transactionId: id, ids });
    }),
  });
}
