import { type ExplanationStep, step } from '../../../domain/earning/explanation.ts';
import type { CardChange } from '../../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import { type ClaimReward, type ClaimState, decideClaim } from '../../../domain/rewards/claim.ts';
import type { RewardDefinition } from '../../../domain/rewards/definition.ts';
import type { IssuedReward } from '../../../domain/rewards/mint.ts';
import { presentReward } from '../../../domain/rewards/present.ts';
import { heldFrom } from '../../../domain/rewards/restore.ts';
import type { TransactionId } from '../../../domain/values/ids.ts';
import { businessDate, localDate } from '../../../domain/values/time.ts';
import { describeAmount, presentAmount, type Unit } from '../../../domain/values/units.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { balanceChanged } from '../card-events.ts';
import { createCommandHandler } from '../command.ts';
import { rewardIssued } from '../reward-events.ts';
import type { RewardDependencies, RewardRepos } from '../reward-visit.ts';

type Message = Envelope<PayloadOf<'claim-reward'>>;

/**
 * A customer takes a reward, and pays for it where it costs something. Outcomes: `completed` with
 * the reward and the balance that is left, or `declined` (see domain/rewards/claim.ts for the codes
 * in their order).
 */
export function createClaimRewardHandler(dependencies: RewardDependencies) {
  const { ids } = dependencies;
  return createCommandHandler<'claim-reward', RewardRepos>(dependencies, async (repos, message) => {
    const { businessId, payload, principal } = message;
    const subjectId = payload.cardId;
    const loaded = await load(repos, message);
    if (!loaded) return { status: 'declined', code: 'unknown-card', subjectId };
    const { claim, state } = loaded;
    const decision = decideClaim(claim, state, ids);
    if (decision.kind === 'refused') {
      const { code, detail } = decision;
      return { status: 'declined', code, ...(detail && { detail }), subjectId };
    }
    const { change, reward } = decision;
    if (decision.takesFromStock) {
      await repos.rewards.takeFromStock(businessId, payload.definitionId);
    }
    const { unit, zone } = state.program;
    const id = ids.id('txn');
    const result = {
      reward: presentReward(heldFrom(reward), state.program, claim.occurredAt),
      balance: presentAmount(change.card.balance, unit),
      explanation: explain(reward, unit),
    };
    const { store, occurredAt: at, receivedAt } = claim;
    const entry = cardEntry({
      id,
      businessId,
      kind: 'reward',
      integration: `${principal.kind}:${principal.id}`,
      externalId: message.id,
      requestHash: message.requestHash,
      storeId: store?.id ?? null,
      occurredAt: at,
      receivedAt,
      businessDate: store ? businessDate(at, store) : localDate(at, zone),
      receipt: payload,
      outcome: { id, ...result },
      change,
      events: eventsOf(change, { reward, transactionId: id, unit }, ids),
    });
    await repos.books.write([entry]);
    const auditDetail = { definitionId: payload.definitionId, rewardId: reward.id };
    return { status: 'completed', transactionId: id, result, subjectId, auditDetail };
  });
}

/** Card first, then definition: the order in which all claims lock. */
async function load(
  { books, rewards }: RewardRepos,
  { businessId, payload, receivedAt }: Message,
): Promise<{ claim: ClaimReward; state: ClaimState } | undefined> {
  const card = await books.lockCard(businessId, payload.cardId);
  const config = await books.loadConfig(businessId);
  const program = config?.programs.find((p) => p.id === card?.programId);
  if (!card || !config || !program) return undefined;
  const found = await rewards.lockDefinition(businessId, payload.definitionId);
  const definition = found?.programId === program.id ? found : undefined;
  return {
    claim: {
      couponCode: payload.couponCode ?? null,
      store: payload.storeId ? config.stores.find((s) => s.id === payload.storeId) : null,
      occurredAt: Date.parse(payload.occurredAt ?? receivedAt),
      receivedAt: Date.parse(receivedAt),
    },
    state: {
      business: config.business,
      program,
      card,
      definition,
      ...(await loadHistory(rewards, { businessId, card, definition })),
    },
  };
}

/** Tags and earlier claims, where the terms ask for them. */
async function loadHistory(
  rewards: RewardRepos['rewards'],
  of: { businessId: Message['businessId']; card: Card; definition: RewardDefinition | undefined },
): Promise<Pick<ClaimState, 'tags' | 'taken'>> {
  const { businessId, card, definition } = of;
  const { customerTags, limitPerCustomer } = definition?.terms ?? {};
  return {
    tags: customerTags ? await rewards.tagsOf(businessId, card.customerId) : [],
    taken:
      definition && limitPerCustomer !== undefined
        ? await rewards.countTaken(businessId, card.id, definition.id)
        : 0,
  };
}

function explain(reward: IssuedReward, unit: Unit): ExplanationStep[] {
  const price = reward.cost === 0 ? 'at no cost' : `for ${describeAmount(reward.cost, unit)}`;
  const coupon = reward.couponCode === undefined ? '' : `, with coupon ${reward.couponCode}`;
  return [step('reward-claimed', `${reward.name} claimed ${price}${coupon}`)];
}

function eventsOf(
  { card }: CardChange,
  what: { reward: IssuedReward; transactionId: TransactionId; unit: Unit },
  ids: RewardDependencies['ids'],
) {
  const { reward, transactionId, unit } = what;
  const issued = (sequence: number) => rewardIssued(reward, { card, sequence, transactionId, ids });
  if (reward.cost === 0) return [issued(card.sequence)];
  return [
    balanceChanged(
      card,
      { transactionId, change: -reward.cost, unit, sequence: card.sequence - 1 },
      ids,
    ),
    issued(card.sequence),
  ];
}
