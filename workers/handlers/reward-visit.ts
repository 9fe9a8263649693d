import { type ExplanationStep, step } from '../../domain/earning/explanation.ts';
import type { BusinessConfig } from '../../domain/earning/decide-purchase.ts';
import { type CardChange, cardChange } from '../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../domain/ledger/card-entry.ts';
import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { RewardContext, RewardRefusal, RewardVisit } from '../../domain/rewards/life.ts';
import { presentReward } from '../../domain/rewards/present.ts';
import type { OwnedReward, RewardBooks } from '../../domain/rewards/reward-books.ts';
import type { HeldReward } from '../../domain/rewards/reward.ts';
import { acceptOccurredAt } from '../../domain/tenancy/business.ts';
import type { IdSource, StoreId, TransactionId } from '../../domain/values/ids.ts';
import { businessDate, localDate } from '../../domain/values/time.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { WorkOutcome } from './command.ts';
import { createCommandHandler } from './command.ts';

export interface RewardRepos {
  books: LedgerBooks;
  rewards: RewardBooks;
}

export interface RewardDependencies {
  store: CommandStore<RewardRepos>;
  ids: IdSource;
}

/** What a till does with a reward. */
export type RewardCommandName =
  'reserve-reward' | 'redeem-reward' | 'cancel-reward' | 'reverse-reward';

export type VisitedReward = RewardContext & {
  visit: RewardVisit & { transactionId: TransactionId };
};

/** What came of it: the card's change, the facts, and one sentence for the shopkeeper. */
export type VisitResult =
  | { kind: 'refused'; code: RewardRefusal }
  | {
      kind: 'changed';
      change: CardChange;
      /** The reward to show: the same one, or what took its place. */
      reward: HeldReward;
      explanation: ExplanationStep;
      originalId?: TransactionId;
      events: OutboxEvent[];
    };

type Decide = (visited: VisitedReward, ids: IdSource) => VisitResult;

export interface Payload {
  code: string;
  /** Absent where a customer does it from where they are. */
  storeId?: StoreId | undefined;
  occurredAt?: string | undefined;
}

/**
 * A handler of one thing that tills do with rewards. Declines as `reward-not-found`, `unknown-store`,
 * `occurred-in-future` or `occurred-too-long-ago`, and then as `decide` does.
 */
export function createRewardHandler<Name extends RewardCommandName>(
  dependencies: RewardDependencies,
  decide: Decide,
) {
  return createCommandHandler<Name, RewardRepos>(dependencies, (repos, message) =>
    visitReward(repos, message, decide, dependencies.ids),
  );
}

/**
 * Does one thing with a reward.
 * @param watch has the last word on what could be done: an outcome instead, such as that it waits
 */
export async function visitReward(
  repos: RewardRepos,
  message: Envelope<Payload>,
  decide: Decide,
  ids: IdSource,
  watch?: (visited: VisitedReward) => Promise<WorkOutcome | undefined>,
): Promise<WorkOutcome> {
  const { businessId, principal, payload } = message;
  const found = await loadReward(repos, message);
  if (!found) return { status: 'declined', code: 'reward-not-found' };
  const { reward, card, program, config } = found;
  const subjectId = reward.id;
  const isOwner = principal.kind === 'customer';
  // The edge looked as well, but a merge may have come between.
  if (isOwner && principal.id !== card.customerId) {
    return { status: 'declined', code: 'reward-not-found' };
  }
  const store = isOwner ? null : config.stores.find((s) => s.id === payload.storeId);
  if (store === undefined) return { status: 'declined', code: 'unknown-store', subjectId };

  const receivedAt = Date.parse(message.receivedAt);
  const at = payload.occurredAt === undefined ? receivedAt : Date.parse(payload.occurredAt);
  const acceptance = acceptOccurredAt(config.business, { occurredAt: at, receivedAt });
  if (acceptance !== 'accepted') {
    const code = acceptance === 'in-future' ? 'occurred-in-future' : 'occurred-too-long-ago';
    return { status: 'declined', code, subjectId };
  }
  const id = ids.id('txn');
  const visit = { by: `${principal.kind}:${principal.id}`, store, at, transactionId: id };
  const result = decide({ reward, card, program, visit }, ids);
  if (result.kind === 'refused') return declined(result.code, reward, config);
  const instead = await watch?.({ reward, card, program, visit });
  if (instead) return { ...instead, subjectId };

  const view = presentReward(result.reward, program, at);
  const explanation = [result.explanation];
  const entry = cardEntry({
    id,
    businessId,
    kind: 'reward',
    integration: visit.by,
    externalId: message.id,
    requestHash: message.requestHash,
    storeId: store?.id ?? null,
    occurredAt: at,
    receivedAt,
    businessDate: store ? businessDate(at, store) : localDate(at, program.zone),
    originalId: result.originalId ?? null,
    receipt: payload,
    outcome: { id, reward: view, explanation },
    change: result.change,
    events: result.events,
  });
  await repos.books.write([entry]);
  return {
    status: 'completed',
    transactionId: id,
    result: { reward: view, explanation },
    subjectId,
  };
}

async function loadReward(repos: RewardRepos, message: Envelope<Payload>) {
  const { businessId, payload } = message;
  const known = await repos.rewards.findReward(businessId, payload.code);
  if (!known) return undefined;
  const card = await repos.books.lockCard(businessId, known.cardId);
  // Under the card's lock nobody else changes it.
  const reward = await repos.rewards.findReward(businessId, payload.code);
  const config = await repos.books.loadConfig(businessId);
  const program = config?.programs.find((p) => p.id === card?.programId);
  if (!card || !reward || !config || !program) return undefined;
  return { reward, card, config, program };
}

/** A change of a reward that leaves the card's balance as it is; one event each. */
export function changeOf(
  { card }: VisitedReward,
  what: Partial<CardChange>,
  eventCount: number,
): CardChange {
  return cardChange(card, {
    card: { ...card, sequence: card.sequence + eventCount },
    ...what,
  });
}

function declined(code: RewardRefusal, reward: OwnedReward, config: BusinessConfig): WorkOutcome {
  const detail = whoWon(code, reward, config);
  return { status: 'declined', code, ...(detail && { detail }), subjectId: reward.id };
}

/** Whoever comes second is told who was first, so that the till's staff can say so. */
function whoWon(
  code: RewardRefusal,
  reward: HeldReward,
  { stores }: BusinessConfig,
): string | undefined {
  const nameOf = (id: StoreId | null) => stores.find((s) => s.id === id)?.name ?? 'another store';
  const { redemption, reservation, expiresAt } = reward;
  if (code === 'reward-already-redeemed' && redemption) {
    const { at, storeId, by } = redemption;
    return `Redeemed at ${new Date(at).toISOString()} in ${nameOf(storeId)} by ${by}.`;
  }
  if (code === 'reward-reserved' && reservation) {
    const { until, storeId, by } = reservation;
    return `Reserved until ${new Date(until).toISOString()} in ${nameOf(storeId)} by ${by}.`;
  }
  if (code === 'reward-expired' && expiresAt !== null) {
    return `It was good until ${new Date(expiresAt).toISOString()}.`;
  }
  return undefined;
}

/** A step of the trace, with the place. */
export function explain(
  code: 'reward-reserved' | 'reward-released' | 'reward-redeemed' | 'reward-reversed',
  { reward, visit }: VisitedReward,
  done: string,
): ExplanationStep {
  const where = visit.store ? `in ${visit.store.name}` : 'by its owner';
  return step(code, `${reward.name} ${done} ${where}`);
}
