import { DECIMAL_PATTERN } from '../values/decimal.ts';
import { isTimeZone } from '../values/time.ts';
import type { Benefit, EarnRule, Program, ProgramVersion } from './program.ts';

/** What a shopkeeper should know before the version goes live. */
export interface DefinitionProblem {
  /** An error keeps it from being published; a warning does not. */
  severity: 'error' | 'warning';
  code: string;
  /** RFC 6901 JSON Pointer into the definition. */
  pointer: string;
  /** A sentence for the shopkeeper. */
  text: string;
}

/** A definition before it has a number and a window; its reward may not have an id yet. */
export type Definition = Omit<
  ProgramVersion,
  'number' | 'from' | 'to' | 'autoReward' | 'expiry'
> & {
  expiry?: ProgramVersion['expiry'] | undefined;
  autoReward: Omit<NonNullable<ProgramVersion['autoReward']>, 'id'> | null;
};

/** The program that the definition is for. */
export type ProgramFrame = Pick<Program, 'unit' | 'currency' | 'zone'>;

/** Everything that is odd about a definition, in the order of its fields. */
export function validateDefinition(
  definition: Definition,
  program: ProgramFrame,
): DefinitionProblem[] {
  return [
    ...zoneProblems(program),
    ...ruleProblems(definition, program),
    ...promotionProblems(definition),
    ...capProblems(definition, program),
    ...tierProblems(definition, program),
    ...rewardProblems(definition, program),
  ];
}

/** Whether nothing keeps it from being published. */
export function isPublishable(problems: readonly DefinitionProblem[]): boolean {
  return problems.every(({ severity }) => severity === 'warning');
}

function error(code: string, pointer: string, text: string): DefinitionProblem {
  return { severity: 'error', code, pointer, text };
}

function warning(code: string, pointer: string, text: string): DefinitionProblem {
  return { severity: 'warning', code, pointer, text };
}

function zoneProblems({ zone }: ProgramFrame): DefinitionProblem[] {
  if (isTimeZone(zone)) return [];
  return [error('unknown-zone', '', `The program’s time zone ${zone} is not known.`)];
}

function ruleProblems({ rules }: Definition, { unit }: ProgramFrame): DefinitionProblem[] {
  const problems = rules.flatMap((rule, i) => {
    const pointer = `/rules/${i}`;
    return [
      ...amountProblems(rule.amount, unit, `${pointer}/amount`),
      ...(matchesNothing(rule)
        ? [error('rule-never-matches', pointer, 'The rule names no item, so it never matches.')]
        : []),
      ...(isZero(rule.amount)
        ? [warning('rule-gives-nothing', `${pointer}/amount`, 'The rule matches and gives 0.')]
        : []),
    ];
  });
  if (rules.some((rule) => !isZero(rule.amount) && !matchesNothing(rule))) return problems;
  return [...problems, error('earns-nothing', '/rules', 'No rule can ever give anything.')];
}

function matchesNothing(rule: EarnRule): boolean {
  if (rule.kind !== 'perItem' || (!rule.skus && !rule.categories)) return false;
  return (rule.skus ?? []).length + (rule.categories ?? []).length === 0;
}

function promotionProblems({ promotions }: Definition): DefinitionProblem[] {
  return promotions.flatMap((promotion, i) => {
    const pointer = `/promotions/${i}`;
    if (promotion.weekdays?.length === 0) {
      const text = `${promotion.name} names no weekday, so it never applies.`;
      return [error('promotion-never-applies', `${pointer}/weekdays`, text)];
    }
    if (Number(promotion.multiplier) <= 1) {
      const text = `${promotion.name} multiplies by ${promotion.multiplier}, which adds nothing.`;
      return [error('promotion-without-effect', `${pointer}/multiplier`, text)];
    }
    const stronger = promotions.find(
      (other) =>
        Number(other.multiplier) > Number(promotion.multiplier) && coversDaysOf(other, promotion),
    );
    if (!stronger) return [];
    const text = `${promotion.name} never wins: ${stronger.name} multiplies by more on the same days.`;
    return [warning('promotion-overlapped', pointer, text)];
  });
}

type Weekly = { weekdays?: readonly number[] | undefined };

function coversDaysOf(one: Weekly, other: Weekly): boolean {
  const everyDay = [1, 2, 3, 4, 5, 6, 7];
  const days = one.weekdays ?? everyDay;
  return (other.weekdays ?? everyDay).every((day) => days.includes(day));
}

function capProblems({ caps }: Definition, { unit }: ProgramFrame): DefinitionProblem[] {
  const { perTransaction, perBusinessDay, perStaffPerBusinessDay } = caps;
  const amounts = { perTransaction, perBusinessDay, perStaffPerBusinessDay };
  const problems = Object.entries(amounts).flatMap(([name, cap]) => {
    if (cap === undefined) return [];
    const pointer = `/caps/${name}`;
    const isTooLow = unit === 'stamp' ? Number(cap) < 1 : isZero(cap);
    if (isTooLow) {
      const least = unit === 'stamp' ? 'one stamp' : 'any point';
      return [
        error('cap-too-low', pointer, `The cap is lower than ${least}, so nothing is earned.`),
      ];
    }
    return amountProblems(cap, unit, pointer);
  });
  if (perTransaction && perBusinessDay && Number(perBusinessDay) < Number(perTransaction)) {
    const text = 'A day’s cap lower than one sale’s makes the sale’s cap meaningless.';
    problems.push(warning('caps-contradict', '/caps/perTransaction', text));
  }
  return problems;
}

function tierProblems({ tiers }: Definition, { unit }: ProgramFrame): DefinitionProblem[] {
  if (!tiers) return [];
  const names = tiers.levels.map(({ name }) => name);
  const thresholds = tiers.levels.map((level) =>
    'threshold' in level ? level.threshold : String(level.thresholdMinor),
  );
  return tiers.levels.flatMap((level, i) => {
    const pointer = `/tiers/levels/${i}`;
    const problems: DefinitionProblem[] = [];
    if (names.indexOf(level.name) < i) {
      problems.push(error('level-twice', `${pointer}/name`, `${level.name} is there twice.`));
    }
    if (thresholds.findIndex((other) => Number(other) === Number(thresholds[i])) < i) {
      const text = `${level.name} is reached with the same as another level.`;
      problems.push(error('level-never-held', pointer, text));
    }
    if (level.multiplier !== undefined && Number(level.multiplier) < 1) {
      const text = `${level.name} would take away; a level multiplies by 1 or more.`;
      problems.push(error('level-takes-away', `${pointer}/multiplier`, text));
    }
    if ('threshold' in level) {
      problems.push(...amountProblems(level.threshold, unit, `${pointer}/threshold`));
    }
    return problems;
  });
}

function rewardProblems({ autoReward }: Definition, program: ProgramFrame): DefinitionProblem[] {
  if (!autoReward) {
    if (program.unit === 'point') return [];
    const text = 'Without a reward the stamps lead nowhere.';
    return [warning('no-reward', '/autoReward', text)];
  }
  const whole = /^[1-9]\d*$/.test(autoReward.cost);
  return [
    ...(whole
      ? []
      : [error('cost-not-whole', '/autoReward/cost', 'A reward costs whole stamps or points.')]),
    ...benefitProblems(autoReward.benefit, program),
  ];
}

function benefitProblems(benefit: Benefit, { currency }: ProgramFrame): DefinitionProblem[] {
  const pointer = '/autoReward/benefit';
  if (benefit.kind === 'amountOff') {
    if (benefit.currency !== currency) {
      const text = `The reward is in ${benefit.currency}, the program counts in ${currency}.`;
      return [error('other-currency', `${pointer}/currency`, text)];
    }
    if (benefit.amountMinor > 0) return [];
    return [error('benefit-worth-nothing', `${pointer}/amountMinor`, 'The reward is worth 0.')];
  }
  if (benefit.kind === 'percentOff') {
    const percent = Number(benefit.percent);
    if (percent > 0 && percent <= 100) return [];
    return [error('percent-out-of-range', `${pointer}/percent`, 'Between 0 and 100 percent.')];
  }
  if (benefit.kind === 'freeItem' && benefit.skus?.length === 0) {
    return [error('benefit-worth-nothing', `${pointer}/skus`, 'The reward names no item.')];
  }
  return [];
}

/** Stamps are whole, and what the ledger cannot hold would fail every sale. */
function amountProblems(amount: string, unit: string, pointer: string): DefinitionProblem[] {
  if (!DECIMAL_PATTERN.test(amount)) {
    return [error('not-a-decimal', pointer, `${amount} is not a decimal number.`)];
  }
  if (unit !== 'stamp' || !amount.includes('.')) return [];
  return [error('fraction-of-a-stamp', pointer, `Stamps are whole: ${amount} is not.`)];
}

function isZero(amount: string): boolean {
  return Number(amount) === 0;
}
