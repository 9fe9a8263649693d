import { type ExplanationStep, step } from '../earning/explanation.ts';
import { isOn, type Moment } from './applies.ts';
import { isMeant, type PromotionFacts } from './customer-facts.ts';
import { formatMultiplier, type Layer, type Multiplier, times, TIMES_ONE } from './layers.ts';
import type { Audience, LivePromotion, UseLimit } from './promotion.ts';

export interface ChoiceInput {
  promotions: readonly LivePromotion[];
  moment: Moment;
  facts: PromotionFacts;
  /** The customer's level when the sale occurred. */
  tier: { name: string; multiplier: bigint | null } | null;
  /** What the rules give at a multiplier, in ledger units. */
  amountAt: (multiplier: Multiplier) => number;
}

export interface Choice {
  /** In the order they are laid: level, winning multiplier, stackable multipliers, bonuses. */
  layers: Layer[];
  /** Why promotions that are on do not count. */
  missed: ExplanationStep[];
}

/**
 * Which layers a sale gets. A level's multiplier always counts, because its customer has earned it.
 * Of the promotions' multipliers the one that gives most wins, which is the largest unless its budget
 * runs out; stackable ones multiply with it, and bonuses add.
 */
export function chooseLayers(input: ChoiceInput): Choice {
  const { tier } = input;
  const choice: Choice = { layers: [], missed: [] };
  const start = tier?.multiplier ? times(TIMES_ONE, tier.multiplier) : TIMES_ONE;
  if (tier?.multiplier) {
    const multiplier = formatMultiplier(tier.multiplier);
    choice.layers.push({ promotionId: null, name: tier.name, multiplier, bonus: 0, room: null });
  }
  const competing: LivePromotion[] = [];
  const adding: LivePromotion[] = [];
  for (const promotion of input.promotions) {
    if (!isOn(promotion, input.moment)) continue;
    const reason = whyNot(promotion, input);
    if (reason) choice.missed.push(missed(promotion, reason));
    else if (promotion.multiplier !== null && !promotion.stackable) competing.push(promotion);
    else adding.push(promotion);
  }
  const winner = findWinner(competing, start, input);
  if (winner) choice.layers.push(toLayer(winner, input.facts));
  for (const loser of competing) {
    if (loser === winner) continue;
    choice.missed.push(missed(loser, `${winner?.name ?? 'another'} gives more`));
  }
  // Promotions come with multipliers first, so bonuses are laid last.
  for (const promotion of adding) choice.layers.push(toLayer(promotion, input.facts));
  return choice;
}

/** Without budgets the largest wins, the first on a tie; with them the one that has most to give. */
function findWinner(
  competing: readonly LivePromotion[],
  start: Multiplier,
  { amountAt, facts }: ChoiceInput,
): LivePromotion | undefined {
  const reached = competing.some((promotion) => promotion.hasBudget) ? amountAt(start) : null;
  let winner: LivePromotion | undefined;
  let most = -1n;
  for (const promotion of competing) {
    const multiplier = promotion.multiplier ?? 0n;
    const gain =
      reached === null ? multiplier : BigInt(gainOf(promotion, times(start, multiplier), reached));
    if (gain > most) [winner, most] = [promotion, gain];
  }
  return winner;

  function gainOf(promotion: LivePromotion, multiplier: Multiplier, plain: number): number {
    const gain = amountAt(multiplier) - plain;
    return Math.min(gain, roomOf(promotion, facts) ?? gain);
  }
}

function whyNot(
  promotion: LivePromotion,
  { facts, tier, moment }: ChoiceInput,
): string | undefined {
  const { tiers, audience, limit, id } = promotion;
  if (tiers && !(tier && tiers.has(tier.name))) return `only for ${[...tiers].join(', ')}`;
  if (audience && !isMeant(audience, facts, moment.date)) return describeAudience(audience);
  if (limit && id !== null && (facts.uses.get(id) ?? 0) >= limit.uses) return describeLimit(limit);
  return roomOf(promotion, facts) === 0 ? 'all of its budget is given' : undefined;
}

/** Null without a budget. A budget nobody has read has nothing to give: it must never overspend. */
function roomOf({ id, hasBudget }: LivePromotion, facts: PromotionFacts): number | null {
  return hasBudget && id !== null ? (facts.rooms.get(id) ?? 0) : null;
}

function toLayer(promotion: LivePromotion, facts: PromotionFacts): Layer {
  const { id, name, multiplier, bonus } = promotion;
  return {
    promotionId: id,
    name,
    multiplier: multiplier === null ? null : formatMultiplier(multiplier),
    bonus,
    room: roomOf(promotion, facts),
  };
}

function missed({ name }: LivePromotion, reason: string): ExplanationStep {
  return step('promotion-not-applied', `${name}: ${reason}`);
}

function describeAudience(audience: Audience): string {
  switch (audience.kind) {
    case 'firstPurchase':
      return 'only for a first purchase';
    case 'birthdayWeek':
      return 'only in the week around a birthday';
    case 'tag':
      return `only for customers tagged ${audience.tag}`;
    default:
      return audience satisfies never;
  }
}

const PERIODS = { day: 'a day', week: 'a week', month: 'a month', promotion: 'in all' } as const;

function describeLimit({ uses, per }: UseLimit): string {
  return `at most ${uses === 1 ? 'once' : `${uses} times`} ${PERIODS[per]}`;
}
