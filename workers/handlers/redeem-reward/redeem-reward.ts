import { suspectRedemption } from '../../../domain/fraud/suspect.ts';
import { redeemReward } from '../../../domain/rewards/life.ts';
import type { IdSource, StaffId } from '../../../domain/values/ids.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { createCommandHandler, type WorkOutcome } from '../command.ts';
import { rewardRedeemed } from '../reward-events.ts';
import {
  changeOf,
  explain,
  type RewardRepos,
  type VisitedReward,
  type VisitResult,
  visitReward,
} from '../reward-visit.ts';
import { holdOrFlag, type WatchRepos } from '../suspicions.ts';

type Message = Envelope<PayloadOf<'redeem-reward'>>;
export type RedeemRepos = RewardRepos & WatchRepos;

/**
 * Uses a reward up: one of any number of tries wins, and the others are told who. Outcomes:
 * `completed` with the reward; `waiting` where the program's fraud rules hold it; or `declined` (see
 * domain/rewards/life.ts).
 */
export function createRedeemRewardHandler(dependencies: {
  store: CommandStore<RedeemRepos>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'redeem-reward', RedeemRepos>(dependencies, (repos, message) =>
    visitReward(repos, message, redeem, ids, (visited) => watch(repos, message, visited, ids)),
  );
}

/** Redeems what somebody has approved, as it was when it was asked for. */
export function redeemApproved(
  repos: RewardRepos,
  message: Message,
  ids: IdSource,
): Promise<WorkOutcome> {
  return visitReward(repos, message, redeem, ids);
}

function redeem(visited: VisitedReward, ids: IdSource): VisitResult {
  const { reward, visit, card } = visited;
  const decision = redeemReward(visited, visit);
  if (decision.kind === 'refused') return decision;
  const { redemption } = decision.change;
  if (!redemption) throw new Error('a redemption without a redemption');
  const context = { card, sequence: card.sequence + 1, transactionId: visit.transactionId, ids };
  return {
    kind: 'changed',
    change: changeOf(visited, { rewardChanges: [decision.change] }, 1),
    reward: { ...reward, status: 'redeemed', reservation: null, redemption },
    explanation: explain('reward-redeemed', visited, 'redeemed'),
    events: [rewardRedeemed(reward, redemption, context)],
  };
}

async function watch(
  repos: RedeemRepos,
  message: Message,
  { reward, card, program, visit }: VisitedReward,
  ids: IdSource,
): Promise<WorkOutcome | undefined> {
  if (!program.fraud?.quickRedeem || !visit.store) return undefined;
  const { businessId, principal } = message;
  const lotIds = reward.funding.map(({ lotId }) => lotId);
  const earnedAt = await repos.fraud.lastEarned(businessId, lotIds);
  const found = suspectRedemption(program.fraud, { redeemedAt: visit.at, earnedAt });
  const sighting = {
    businessId,
    customerId: card.customerId,
    staffId: principal.kind === 'staff' ? (principal.id as StaffId) : null,
    storeId: visit.store.id,
    occurredAt: visit.at,
  };
  const about = { transactionId: visit.transactionId, sighting, programId: program.id, found };
  return holdOrFlag(repos, message, { ...about, subjectId: reward.id }, ids);
}
