import type { ClaimReward, ClaimState } from '../../domain/rewards/claim.ts';
import type { RewardDefinition, RewardTerms } from '../../domain/rewards/definition.ts';
import type { RewardContext, RewardVisit } from '../../domain/rewards/life.ts';
import type { HeldReward } from '../../domain/rewards/reward.ts';
import { aBusiness, aCard, anId, aPointProgram, aStore, NOON } from './domain.ts';

const MICRO = 1_000_000;

/** Ledger units of whole points. */
export const points = (whole: number): number => whole * MICRO;

/** A coffee for 10 points, any number of them, any time. */
export function aRewardDefinition(
  terms: Partial<RewardTerms> = {},
  over: Partial<RewardDefinition> = {},
): RewardDefinition {
  return {
    id: anId('rdf'),
    programId: anId('prg'),
    status: 'live',
    revision: 1,
    stockLeft: terms.stock ?? null,
    terms: {
      name: 'Coffee',
      cost: '10',
      benefit: { kind: 'freeItem', description: 'Any coffee' },
      ...terms,
    },
    ...over,
  };
}

/** A claim at noon that arrives at once. */
export function aClaim(over: Partial<ClaimReward> = {}): ClaimReward {
  const occurredAt = over.occurredAt ?? NOON;
  return { couponCode: null, store: null, occurredAt, receivedAt: occurredAt, ...over };
}

/** A card with 25 points, and a coffee for 10. */
export function aClaimState(over: Partial<ClaimState> = {}): ClaimState {
  return {
    business: aBusiness(),
    program: aPointProgram(),
    card: aCard({ balance: points(25) }),
    definition: aRewardDefinition(),
    tags: [],
    taken: 0,
    ...over,
  };
}

/** An available coffee that is good for ever. */
export function aHeldReward(over: Partial<HeldReward> = {}): HeldReward {
  return {
    id: anId('rwd'),
    definitionId: anId('rdf'),
    cardId: anId('crd'),
    code: 'reward-code',
    name: 'Coffee',
    benefit: { kind: 'freeItem', description: 'Any coffee' },
    cost: points(10),
    versionNumber: 1,
    status: 'available',
    version: 0,
    issuedAt: NOON,
    expiresAt: null,
    funding: [{ lotId: anId('lot'), amount: points(10) }],
    storeIds: null,
    reservation: null,
    redemption: null,
    ...over,
  };
}

export function aRewardContext(
  reward: Partial<HeldReward> = {},
  over: Partial<RewardContext> = {},
): RewardContext {
  return { reward: aHeldReward(reward), card: aCard(), program: aPointProgram(), ...over };
}

/** A till in the store, at noon. */
export function aVisit(over: Partial<RewardVisit> = {}): RewardVisit {
  return { by: 'integration:pos', store: aStore(), at: NOON, ...over };
}
