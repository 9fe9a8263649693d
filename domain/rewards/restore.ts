import type { Card } from '../ledger/card.ts';
import type { Posting } from '../ledger/posting.ts';
import type { IdSource } from '../values/ids.ts';
import { endOfDay, type Instant, localDate } from '../values/time.ts';
import type { IssuedReward } from './mint.ts';
import type { RewardRefusal } from './life.ts';
import type { HeldReward, RewardChange } from './reward.ts';

/** What is given back lives at least this long, however late it comes back. */
export const RESTORED_FOR_DAYS = 7;

/** What giving a redeemed reward back does; on the card's balance nothing moves. */
export interface RestoredReward {
  change: RewardChange;
  /** The same benefit again, under a code of its own. */
  reward: IssuedReward;
  /** The cost comes back from the old reward and pays for the new one, out of the same lots. */
  postings: Posting[];
}

/**
 * Gives a redeemed reward back: the redemption stays in the books as reversed, and a new reward with
 * the same benefit takes its place, so that no reward is ever redeemed twice. It lives as long as the
 * old one would have, and at least seven days.
 * @param zone the program's
 */
export function restoreReward(
  reward: HeldReward,
  at: Instant,
  zone: string,
  ids: IdSource,
): RestoredReward {
  const { cardId, funding, cost } = reward;
  const replacement: IssuedReward = {
    id: ids.id('rwd'),
    definitionId: reward.definitionId,
    cardId,
    code: ids.code(),
    name: reward.name,
    benefit: reward.benefit,
    cost,
    versionNumber: reward.versionNumber,
    funding,
    issuedAt: at,
    expiresAt: restoredExpiry(reward.expiresAt, at, zone),
    storeIds: reward.storeIds,
    replaces: reward.id,
  };
  const moved = { cardId, amount: cost, draws: funding };
  return {
    change: {
      id: reward.id,
      version: reward.version,
      status: 'reversed',
      funding: [],
      expiresAt: reward.expiresAt,
    },
    reward: replacement,
    postings:
      cost === 0
        ? []
        : [
            { ...moved, from: 'redeemed', to: 'card', rewardId: reward.id },
            { ...moved, from: 'card', to: 'redeemed', rewardId: replacement.id },
          ],
  };
}

/** When something given back expires: as it would have, and not within seven days. */
export function restoredExpiry(
  expiresAt: Instant | null,
  at: Instant,
  zone: string,
): Instant | null {
  if (expiresAt === null) return null;
  return Math.max(expiresAt, endOfDay(localDate(at, zone), RESTORED_FOR_DAYS, zone));
}

/** Why a redemption cannot be taken back: only a redeemed reward can, and only once. */
export function whyNotReversible(
  reward: HeldReward,
  card: Pick<Card, 'status'>,
): RewardRefusal | undefined {
  if (reward.status === 'revoked') return 'reward-revoked';
  if (reward.status === 'reversed') return 'reward-reversed';
  if (reward.status !== 'redeemed') return 'reward-not-redeemed';
  return card.status === 'closed' || card.status === 'merged' ? 'card-closed' : undefined;
}

/** A reward just issued, as it is held from now on. */
export function heldFrom(reward: IssuedReward): HeldReward {
  return {
    ...reward,
    storeIds: reward.storeIds ?? null,
    status: 'available',
    version: 0,
    reservation: null,
    redemption: null,
  };
}
