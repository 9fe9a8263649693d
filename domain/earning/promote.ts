import { momentOf } from '../promotions/applies.ts';
import { chooseLayers } from '../promotions/choose.ts';
import { NEW_CUSTOMER, type PromotionFacts } from '../promotions/customer-facts.ts';
import {
  applyLayers,
  type JudgedLayer,
  type Layer,
  type Layered,
  settleGifts,
  TIMES_ONE,
} from '../promotions/layers.ts';
import {
  compileVersionPromotions,
  type LivePromotion,
  type VersionPromotion,
} from '../promotions/promotion.ts';
import type { Program, ProgramVersion } from '../programs/program.ts';
import { describeAmount, type Unit } from '../values/units.ts';
import type { Base } from './base.ts';
import { type ExplanationStep, step } from './explanation.ts';
import type { Purchase } from './purchase.ts';
import { applyRules, rulesAmount } from './rules.ts';

export interface Promoted {
  /** Ledger units before caps. */
  amount: number;
  steps: readonly ExplanationStep[];
  /** The layers with what they gave, once it is known what caps left of the amount. */
  settle: (cappedAmount: number) => JudgedLayer[];
}

export interface PromoteInput {
  program: Program;
  version: ProgramVersion;
  purchase: Purchase;
  base: Base;
  facts: PromotionFacts | undefined;
  /** The customer's level when the sale occurred. */
  tier: { name: string; multiplier: bigint | null } | null;
}

/** What the rules give, with the promotions and the level that apply laid over them. */
export function promote(input: PromoteInput): Promoted {
  const { program, version, base } = input;
  const promotions = promotionsOf(program, version);
  if (promotions.length === 0 && !input.tier?.multiplier) {
    return { ...applyRules(program, version, base, TIMES_ONE), settle: () => [] };
  }
  const amountAt = rulesAmount(program, version, base);
  const { layers, missed } = chooseLayers({
    promotions,
    moment: momentOf(input.purchase),
    facts: input.facts ?? NEW_CUSTOMER,
    tier: input.tier,
    amountAt,
  });
  const layered = applyLayers(layers, { amountAt, isPaid: base.amount > 0 });
  const rules = applyRules(program, version, base, layered.multiplier);
  return {
    amount: layered.amount,
    steps: [...rules.steps, ...layerSteps(layers, layered, program.unit), ...missed],
    settle: (cappedAmount) => settle(layers, layered, cappedAmount),
  };
}

const versionPromotions = new WeakMap<readonly VersionPromotion[], readonly LivePromotion[]>();

/** Those of the version and those beside it, the largest multipliers of each first. */
function promotionsOf(program: Program, version: ProgramVersion): readonly LivePromotion[] {
  if (version.promotions.length === 0) return program.promotions;
  let own = versionPromotions.get(version.promotions);
  if (!own) {
    own = compileVersionPromotions(version.promotions);
    versionPromotions.set(version.promotions, own);
  }
  return program.promotions.length === 0 ? own : [...own, ...program.promotions];
}

/**
 * What is left of a sale earns, by the layers it was judged by, and what each of them still gives.
 * @param ceiling ledger units that caps left to the sale
 */
export function layeredAmount(
  judged: { program: Program; version: ProgramVersion; layers: readonly JudgedLayer[] },
  base: Base,
  ceiling: number,
): { amount: number; layers: JudgedLayer[] } {
  const { program, version, layers } = judged;
  const amountAt = rulesAmount(program, version, base);
  const layered = applyLayers(layers, { amountAt, isPaid: base.amount > 0 });
  const amount = Math.min(ceiling, layered.amount);
  return { amount, layers: settle(layers, layered, amount) };
}

function settle(layers: readonly Layer[], layered: Layered, amount: number): JudgedLayer[] {
  const gifts = settleGifts(layered, amount);
  return layers.map((layer, i) => ({ ...layer, given: gifts[i] ?? 0 }));
}

function layerSteps(layers: readonly Layer[], layered: Layered, unit: Unit): ExplanationStep[] {
  return layers.flatMap((layer, i) => {
    const { given, wanted } = layered.gifts[i] ?? { given: 0, wanted: 0 };
    if (wanted === 0) return [];
    const steps = [describeLayer(layer, given, unit)];
    if (given < wanted) {
      const text = `${layer.name}: its budget ends here, ${describeAmount(wanted - given, unit)} not given`;
      steps.push(step('promotion-budget', text));
    }
    return steps;
  });
}

function describeLayer({ name, multiplier }: Layer, given: number, unit: Unit) {
  const amount = describeAmount(given, unit);
  if (multiplier === null) return step('promotion', `${name}: ${amount} on top`);
  return step('promotion', `${name}: × ${multiplier} makes ${amount} of it`);
}
