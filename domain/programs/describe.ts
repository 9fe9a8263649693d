import { formatMoney } from '../values/money.ts';
import { describeAmount, toLedgerUnits } from '../values/units.ts';
import type { EarnRule, Program, ProgramVersion } from './program.ts';

/** What a customer should know of a program, a sentence each; for a page, not for a decision. */
export function describeVersion(
  program: Pick<Program, 'unit' | 'currency'>,
  version: Pick<ProgramVersion, 'rules' | 'combine' | 'caps' | 'autoReward'>,
): string[] {
  const { rules, combine, caps, autoReward } = version;
  const amount = (text: string) => describeAmount(toLedgerUnits(text, program.unit), program.unit);
  return [
    ...rules.map((rule) => describeRule(rule, program.currency, amount)),
    ...(rules.length > 1 && combine === 'best' ? ['Of these, the best one counts.'] : []),
    ...(caps.perTransaction ? [`At most ${amount(caps.perTransaction)} per purchase.`] : []),
    ...(caps.perBusinessDay ? [`At most ${amount(caps.perBusinessDay)} a day.`] : []),
    ...(caps.minimumMinutesBetween
      ? [`At most once in ${caps.minimumMinutesBetween} minutes.`]
      : []),
    ...(autoReward ? [`For ${amount(autoReward.cost)}: ${autoReward.name}.`] : []),
    ...(autoReward?.validForDays
      ? [`A reward is valid for ${days(autoReward.validForDays)} after it was earned.`]
      : []),
  ];
}

function describeRule(rule: EarnRule, currency: string, amount: (text: string) => string): string {
  const money = (minor: number) => formatMoney({ amount: minor, currency });
  switch (rule.kind) {
    case 'perVisit': {
      const least = rule.minimumSpendMinor ? ` of at least ${money(rule.minimumSpendMinor)}` : '';
      return `${amount(rule.amount)} per visit${least}.`;
    }
    case 'perSpend':
      return `${amount(rule.amount)} per ${money(rule.everyMinor)}.`;
    case 'perItem': {
      const items = [...(rule.skus ?? []), ...(rule.categories ?? [])].join(' or ') || 'item';
      return `${amount(rule.amount)} per ${items}.`;
    }
    default:
      return rule satisfies never;
  }
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
