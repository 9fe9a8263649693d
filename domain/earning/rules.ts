import type { EarnRule, Program, ProgramVersion } from '../programs/program.ts';
import { formatDecimal, parseDecimal, toSafeInteger } from '../values/decimal.ts';
import { formatMoney } from '../values/money.ts';
import { describeAmount, ledgerUnitsPerWhole, toLedgerUnits, type Unit } from '../values/units.ts';
import type { Base, EarningLine } from './base.ts';
import { type ExplanationStep, step } from './explanation.ts';
import type { Multiplier } from '../promotions/layers.ts';
import { MULTIPLIER_ONE } from '../promotions/promotion.ts';
import { sum } from './purchase.ts';

export interface RulesOutcome {
  /** Ledger units before caps. */
  amount: number;
  steps: readonly ExplanationStep[];
}

/** What a rule gives before the multiplier and rounding, as an exact fraction of ledger units. */
interface ExactAmount {
  name: string;
  numerator: bigint;
  denominator: bigint;
  /** Why nothing is given, where nothing is. */
  reason?: () => string;
}

/**
 * What a version's rules give for a base. Each rule is multiplied and then rounded down once: to
 * micro-points when the program carries fractions, else to whole points; stamps are always whole.
 */
export function applyRules(
  program: Program,
  version: ProgramVersion,
  base: Base,
  multiplier: Multiplier,
): RulesOutcome {
  const keepsFractions = program.unit === 'point' && version.carryFractions;
  const grain = keepsFractions ? 1 : ledgerUnitsPerWhole(program.unit);
  const steps: ExplanationStep[] = [];
  const amounts = version.rules.map((rule) => {
    const exact = evaluate(rule, { unit: program.unit, currency: program.currency, base });
    const { amount, dropped } = roundDown(exact, multiplier, grain);
    steps.push(describeRule(exact, amount, program.unit));
    // A stamp not reached is already told as "not enough".
    const isTold = amount > 0 || program.unit === 'point';
    if (isTold && dropped > 0n && !keepsFractions)
      steps.push(droppedFraction(dropped, program.unit));
    return amount;
  });
  if (version.combine === 'sum') return { amount: sum(amounts), steps };
  const best = Math.max(0, ...amounts);
  if (amounts.filter((amount) => amount > 0).length > 1) {
    const text = `Only the best rule counts: ${describeAmount(best, program.unit)}`;
    steps.push(step('best-rule', text));
  }
  return { amount: best, steps };
}

/**
 * The same amount at any multiplier, without the words: what promotions ask to know the difference
 * they make.
 */
export function rulesAmount(
  program: Program,
  version: ProgramVersion,
  base: Base,
): (multiplier: Multiplier) => number {
  const grain =
    program.unit === 'point' && version.carryFractions ? 1 : ledgerUnitsPerWhole(program.unit);
  const { unit, currency } = program;
  const exacts = version.rules.map((rule) => evaluate(rule, { unit, currency, base }));
  return (multiplier) => {
    const amounts = exacts.map((exact) => roundDown(exact, multiplier, grain).amount);
    return version.combine === 'sum' ? sum(amounts) : Math.max(0, ...amounts);
  };
}

const FRACTION_SCALE = 6;
const FRACTION_ONE = 10n ** BigInt(FRACTION_SCALE);

/** The one rounding of a rule: down to a multiple of `grain` ledger units. */
function roundDown(
  exact: ExactAmount,
  multiplier: Multiplier,
  grain: number,
): { amount: number; dropped: bigint } {
  const numerator = exact.numerator * multiplier.scaled;
  const denominator = exact.denominator * (multiplier.one ?? MULTIPLIER_ONE);
  const grains = numerator / (denominator * BigInt(grain));
  const rest = numerator - grains * denominator * BigInt(grain);
  return {
    amount: toSafeInteger(grains * BigInt(grain)),
    // In millionths of a grain; below that nobody would ask.
    dropped: (rest * FRACTION_ONE) / (denominator * BigInt(grain)),
  };
}

interface RuleInput {
  unit: Unit;
  currency: string;
  base: Base;
}

function evaluate(rule: EarnRule, input: RuleInput): ExactAmount {
  switch (rule.kind) {
    case 'perVisit':
      return perVisit(rule, input);
    case 'perSpend':
      return perSpend(rule, input);
    case 'perItem':
      return perItem(rule, input);
    default:
      return rule satisfies never;
  }
}

interface RatedRule {
  unit: Unit;
  currency: string;
  /** Ledger units. */
  rate: number;
  name: string;
}

const ratedRules = new WeakMap<EarnRule, RatedRule>();

/** What is the same for every sale under a rule: read and worded once. */
function ratedOf(rule: EarnRule, { unit, currency }: RuleInput, per: () => string): RatedRule {
  let rated = ratedRules.get(rule);
  if (rated?.unit !== unit || rated.currency !== currency) {
    const rate = toLedgerUnits(rule.amount, unit);
    rated = { unit, currency, rate, name: `${describeAmount(rate, unit)} per ${per()}` };
    ratedRules.set(rule, rated);
  }
  return rated;
}

/** A visit counts when something was bought and paid: a free coffee is not a reason for a stamp. */
function perVisit(rule: Extract<EarnRule, { kind: 'perVisit' }>, input: RuleInput): ExactAmount {
  const { currency, base } = input;
  const minimum = Math.max(1, rule.minimumSpendMinor ?? 0);
  const { rate, name } = ratedOf(rule, input, () => 'visit');
  if (base.amount >= minimum) return { name, numerator: BigInt(rate), denominator: 1n };
  const reason = () => `needs at least ${formatMoney({ amount: minimum, currency })}`;
  return { name, numerator: 0n, denominator: 1n, reason };
}

function perSpend(rule: Extract<EarnRule, { kind: 'perSpend' }>, input: RuleInput): ExactAmount {
  const { currency, base } = input;
  const every = () => formatMoney({ amount: rule.everyMinor, currency });
  const { rate, name } = ratedOf(rule, input, every);
  return {
    name,
    numerator: BigInt(base.amount) * BigInt(rate),
    denominator: BigInt(rule.everyMinor),
    reason: () => `${formatMoney({ amount: base.amount, currency })} is not enough`,
  };
}

const QUANTITY_SCALE = 6;

function perItem(rule: Extract<EarnRule, { kind: 'perItem' }>, input: RuleInput): ExactAmount {
  const { rate, name } = ratedOf(rule, input, () => describeItems(rule));
  let quantity = 0n;
  for (const { line } of input.base.lines.filter((earning) => covers(rule, earning))) {
    quantity += parseDecimal(line.quantity, QUANTITY_SCALE);
  }
  return {
    name: quantity > 0n ? `${name} × ${formatDecimal(quantity, QUANTITY_SCALE)}` : name,
    numerator: quantity * BigInt(rate),
    denominator: 10n ** BigInt(QUANTITY_SCALE),
    ...(quantity === 0n ? { reason: () => 'none bought' } : {}),
  };
}

function covers(rule: Extract<EarnRule, { kind: 'perItem' }>, { line }: EarningLine): boolean {
  if (!rule.skus && !rule.categories) return true;
  const bySku = line.sku !== undefined && rule.skus?.includes(line.sku);
  const byCategory = line.category !== undefined && rule.categories?.includes(line.category);
  return Boolean(bySku || byCategory);
}

function describeItems(rule: Extract<EarnRule, { kind: 'perItem' }>): string {
  const names = [...(rule.skus ?? []), ...(rule.categories ?? [])];
  return names.length > 0 ? names.join(' or ') : 'item';
}

function describeRule(exact: ExactAmount, amount: number, unit: Unit): ExplanationStep {
  if (amount > 0) return step('rule-matched', `${exact.name}: ${describeAmount(amount, unit)}`);
  return step('rule-not-matched', `${exact.name}: ${exact.reason?.() ?? 'less than a whole one'}`);
}

function droppedFraction(dropped: bigint, unit: Unit): ExplanationStep {
  const text = formatDecimal(dropped, FRACTION_SCALE);
  return step('fraction-dropped', `${text} of a ${unit} dropped: this program gives whole ones`);
}
