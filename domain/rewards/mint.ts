import { applyDraws, drawFromLots, isValidAt, type Lot, type LotDraw } from '../ledger/lots.ts';
import type { Posting } from '../ledger/posting.ts';
import { type AutoReward, type Benefit, type Program, versionAt } from '../programs/program.ts';
import type { CardId, IdSource, RewardDefinitionId, RewardId, StoreId } from '../values/ids.ts';
import { endOfDay, type Instant, localDate } from '../values/time.ts';
import { toLedgerUnits } from '../values/units.ts';

/** A reward a customer holds. `code` is what the till redeems. */
export interface IssuedReward {
  id: RewardId;
  definitionId: RewardDefinitionId;
  cardId: CardId;
  code: string;
  name: string;
  benefit: Benefit;
  /** Ledger units it cost. */
  cost: number;
  versionNumber: number;
  issuedAt: Instant;
  expiresAt: Instant | null;
  /** The lots that paid for it: where its cost goes back to. */
  funding: readonly LotDraw[];
  /** Where it can be used; absent or null means wherever the program is. */
  storeIds?: readonly StoreId[] | null;
  /** The coupon it was claimed with. */
  couponCode?: string;
  /** The reversed reward whose place it takes. */
  replaces?: RewardId;
}

export interface MintInput {
  cardId: CardId;
  balance: number;
  lots: readonly Lot[];
  /** Version the open stamp card is under. */
  versionNumber: number;
  at: Instant;
}

export interface MintResult {
  rewards: IssuedReward[];
  postings: Posting[];
  balance: number;
  lots: readonly Lot[];
  versionNumber: number;
  /** Whether the limit stopped minting; the balance stays on the card for the next purchase. */
  postponed: boolean;
}

/** One sale cannot mint without end; what is left over mints with the next one. */
export const MAX_REWARDS_PER_PURCHASE = 100;

/**
 * Mints a reward each time the balance covers its cost: a card at 8 of 10 that gets 5 stamps mints
 * one and goes on at 3. Completing a stamp card opens the next one under the version in force.
 */
export function mintRewards(program: Program, input: MintInput, ids: IdSource): MintResult {
  // A card that nobody has settled may hold what has expired: it pays for nothing, and stays.
  if (input.lots.every((lot) => isValidAt(lot, input.at)))
    return mintFromValid(program, input, ids);
  const expired = input.lots.filter((lot) => !isValidAt(lot, input.at));
  const lots = input.lots.filter((lot) => isValidAt(lot, input.at));
  const kept = expired.reduce((sum, lot) => sum + lot.remaining, 0);
  const minted = mintFromValid(program, { ...input, lots, balance: input.balance - kept }, ids);
  return { ...minted, balance: minted.balance + kept, lots: [...minted.lots, ...expired] };
}

function mintFromValid(program: Program, input: MintInput, ids: IdSource): MintResult {
  const result: MintResult = { ...input, rewards: [], postings: [], postponed: false };
  for (;;) {
    const version = program.versions.find((v) => v.number === result.versionNumber);
    const definition = version?.autoReward;
    if (!definition) return result;
    const cost = toLedgerUnits(definition.cost, program.unit);
    if (result.balance < cost) return result;
    if (result.rewards.length === MAX_REWARDS_PER_PURCHASE) return { ...result, postponed: true };

    const draws = drawFromLots(result.lots, cost);
    const reward = issue(definition, { program, input, cost, ids, from: result, draws });
    result.rewards.push(reward);
    result.postings.push({
      cardId: input.cardId,
      from: 'card',
      to: 'redeemed',
      amount: cost,
      draws,
      rewardId: reward.id,
    });
    result.balance -= cost;
    result.lots = applyDraws(result.lots, draws);
    result.versionNumber = versionAt(program, input.at)?.number ?? result.versionNumber;
  }
}

function issue(
  definition: AutoReward,
  context: {
    program: Program;
    input: MintInput;
    cost: number;
    ids: IdSource;
    from: { versionNumber: number };
    draws: readonly LotDraw[];
  },
): IssuedReward {
  const { program, input, cost, ids, from, draws } = context;
  return {
    id: ids.id('rwd'),
    definitionId: definition.id,
    cardId: input.cardId,
    code: ids.code(),
    name: definition.name,
    benefit: definition.benefit,
    cost,
    versionNumber: from.versionNumber,
    funding: draws,
    issuedAt: input.at,
    expiresAt:
      definition.validForDays === null
        ? null
        : endOfDay(localDate(input.at, program.zone), definition.validForDays, program.zone),
  };
}
