import type { ProgramId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { Unit } from '../values/units.ts';
import {
  type Edition,
  findPromotionFault,
  type PromotionDefinition,
  type PromotionFault,
} from './promotion.ts';

/** `draft → live ⇄ paused → ended`; a draft and a live one may be ended too. */
export type PromotionStatus = 'draft' | 'live' | 'paused' | 'ended';

export interface Promotion {
  programId: ProgramId;
  status: PromotionStatus;
  definition: PromotionDefinition;
  /** What was on and when, oldest first. */
  editions: readonly Edition[];
}

/** Refusals, in order of precedence. */
export type PromotionRefusal =
  | 'promotion-ended'
  | 'promotion-not-live'
  | 'promotion-already-live'
  | PromotionFault
  | 'budget-is-fixed';

export type PromotionDecision =
  { kind: 'changed'; promotion: Promotion } | { kind: 'refused'; code: PromotionRefusal };

/** Switches a draft or a paused promotion on, from now on. */
export function publish(promotion: Promotion, at: Instant, unit: Unit): PromotionDecision {
  const { status, definition, editions } = promotion;
  if (status === 'ended') return { kind: 'refused', code: 'promotion-ended' };
  if (status === 'live') return { kind: 'refused', code: 'promotion-already-live' };
  const fault = findPromotionFault(definition, unit);
  if (fault) return { kind: 'refused', code: fault };
  const edition = { from: at, to: null, definition };
  return changed({ ...promotion, status: 'live', editions: [...editions, edition] });
}

/** Switches a live promotion off, until it is published again. */
export function pause(promotion: Promotion, at: Instant): PromotionDecision {
  if (promotion.status === 'ended') return { kind: 'refused', code: 'promotion-ended' };
  if (promotion.status !== 'live') return { kind: 'refused', code: 'promotion-not-live' };
  return changed({ ...promotion, status: 'paused', editions: closed(promotion.editions, at) });
}

/** Ends a promotion for good. */
export function end(promotion: Promotion, at: Instant): PromotionDecision {
  if (promotion.status === 'ended') return { kind: 'refused', code: 'promotion-ended' };
  return changed({ ...promotion, status: 'ended', editions: closed(promotion.editions, at) });
}

/**
 * Words a promotion anew. One that is live is on with the new words from now on; sales that occurred
 * before keep the old ones. Whether it has a budget is settled when it is first published, because
 * what it gave without one was never counted.
 */
export function reword(
  promotion: Promotion,
  definition: PromotionDefinition,
  { at, unit }: { at: Instant; unit: Unit },
): PromotionDecision {
  const { status, editions } = promotion;
  if (status === 'ended') return { kind: 'refused', code: 'promotion-ended' };
  const fault = findPromotionFault(definition, unit);
  if (fault) return { kind: 'refused', code: fault };
  const hadBudget = promotion.definition.budget !== undefined;
  if (editions.length > 0 && hadBudget !== (definition.budget !== undefined)) {
    return { kind: 'refused', code: 'budget-is-fixed' };
  }
  if (status !== 'live') return changed({ ...promotion, definition });
  const fresh = { from: at, to: null, definition };
  return changed({ ...promotion, definition, editions: [...closed(editions, at), fresh] });
}

/** Nothing is left of an edition that was switched off the moment it was switched on. */
function closed(editions: readonly Edition[], at: Instant): Edition[] {
  return editions
    .map((edition) => (edition.to === null ? { ...edition, to: at } : edition))
    .filter((edition) => edition.to === null || edition.to > edition.from);
}

function changed(promotion: Promotion): PromotionDecision {
  return { kind: 'changed', promotion };
}
