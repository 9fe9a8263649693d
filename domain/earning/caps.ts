import type { Caps } from '../programs/program.ts';
import { type BusinessDate, type Instant, MINUTE_MS } from '../values/time.ts';
import { describeAmount, toLedgerUnits, type Unit } from '../values/units.ts';
import { type ExplanationStep, step } from './explanation.ts';
import { sum } from './purchase.ts';

/** What a card was already given by another transaction, near enough to matter to a cap. */
export interface Earning {
  occurredAt: Instant;
  businessDate: BusinessDate;
  /** Ledger units, > 0. */
  amount: number;
}

export interface CappedAmount {
  /** Ledger units left to earn. */
  amount: number;
  /** Ledger units that caps took away. */
  capped: number;
  steps: readonly ExplanationStep[];
}

/**
 * Applies a version's caps in the order interval, transaction, business day, staff. Other earnings count
 * whatever order they arrived in: the first committed keeps what it got.
 */
export function applyCaps(
  wanted: number,
  caps: Caps,
  context: {
    unit: Unit;
    occurredAt: Instant;
    businessDate: BusinessDate;
    earnings: readonly Earning[];
    /** Ledger units that whoever rang it up already gave that day; absent where nobody is named. */
    staffGiven?: number | undefined;
  },
): CappedAmount {
  const steps: ExplanationStep[] = [];
  let amount = wanted;
  const limitTo = (limit: number, code: ExplanationStep['code'], reason: string) => {
    if (limit >= amount) return;
    steps.push(step(code, `${reason}: ${describeAmount(amount - limit, context.unit)} not given`));
    amount = limit;
  };

  if (caps.minimumMinutesBetween !== undefined && isTooSoon(caps.minimumMinutesBetween, context)) {
    limitTo(0, 'cap-interval', `At most once in ${caps.minimumMinutesBetween} minutes`);
  }
  if (caps.perTransaction !== undefined) {
    const cap = toLedgerUnits(caps.perTransaction, context.unit);
    limitTo(cap, 'cap-transaction', `At most ${describeAmount(cap, context.unit)} per purchase`);
  }
  if (caps.perBusinessDay !== undefined) {
    const cap = toLedgerUnits(caps.perBusinessDay, context.unit);
    const already = sum(
      context.earnings
        .filter((earning) => earning.businessDate === context.businessDate)
        .map((earning) => earning.amount),
    );
    const reason = `At most ${describeAmount(cap, context.unit)} on ${context.businessDate}`;
    limitTo(Math.max(0, cap - already), 'cap-business-day', reason);
  }
  if (caps.perStaffPerBusinessDay !== undefined && context.staffGiven !== undefined) {
    const cap = toLedgerUnits(caps.perStaffPerBusinessDay, context.unit);
    const reason = `At most ${describeAmount(cap, context.unit)} a day by one member of staff`;
    limitTo(Math.max(0, cap - context.staffGiven), 'cap-staff', reason);
  }
  return { amount, capped: wanted - amount, steps };
}

/** Whether a version's caps need to know the card's other earnings. */
export function needsEarnings(caps: Caps): boolean {
  return caps.perBusinessDay !== undefined || caps.minimumMinutesBetween !== undefined;
}

function isTooSoon(
  minutes: number,
  context: { occurredAt: Instant; earnings: readonly Earning[] },
): boolean {
  return context.earnings.some(
    (earning) => Math.abs(earning.occurredAt - context.occurredAt) < minutes * MINUTE_MS,
  );
}
