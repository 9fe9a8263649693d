import type { Card } from '../ledger/card.ts';
import { isValidAt, type Lot } from '../ledger/lots.ts';
import type { Program, ProgramVersion } from '../programs/program.ts';
import { endOfDay, type Instant, localDate } from '../values/time.ts';
import { addPeriod, nextDayOfYear } from '../values/period.ts';
import type { ExpiryRule } from './rule.ts';

export interface LotExpiry {
  /** The lot is valid before this instant, and expired from it on. */
  expiresAt: Instant | null;
  /** Whether it expires with its card's inactivity; `expiresAt` is then the card's `activeUntil`. */
  lapses: boolean;
}

/** When a lot that is earned now expires. */
export function lotExpiry(
  rule: ExpiryRule,
  earned: { at: Instant; zone: string; card: Pick<Card, 'lots' | 'activeUntil'> },
): LotExpiry {
  const { at, zone, card } = earned;
  const day = localDate(at, zone);
  switch (rule.kind) {
    case 'none':
      return { expiresAt: null, lapses: false };
    case 'rolling': {
      const own = endOfDay(addPeriod(day, rule.period), 0, zone);
      const shared = rule.countedFrom === 'first-earning' ? earliestEnd(card.lots, at) : own;
      return { expiresAt: Math.min(own, shared), lapses: false };
    }
    case 'fixed': {
      const earliest = rule.atLeast === null ? day : addPeriod(day, rule.atLeast);
      return { expiresAt: endOfDay(nextDayOfYear(earliest, rule.dates), 0, zone), lapses: false };
    }
    case 'inactivity': {
      const end = endOfDay(addPeriod(day, rule.period), 0, zone);
      return { expiresAt: Math.max(end, card.activeUntil ?? end), lapses: true };
    }
    default:
      return rule satisfies never;
  }
}

/**
 * Until when a card counts as active after it earned; null for a card that holds nothing that
 * lapses. A sale that comes late never moves it back. After a rule of another kind has followed, the
 * last period goes on for what was earned under it.
 */
export function activeUntilAfter(
  program: Program,
  version: ProgramVersion,
  earned: { at: Instant; card: Pick<Card, 'activeUntil'> },
): Instant | null {
  const { at, card } = earned;
  const rules = [...(card.activeUntil === null ? [] : program.versions), version]
    .map(({ expiry }) => expiry)
    .filter((rule) => rule.kind === 'inactivity');
  const rule = rules.at(-1);
  if (!rule) return card.activeUntil;
  const end = endOfDay(addPeriod(localDate(at, program.zone), rule.period), 0, program.zone);
  return Math.max(end, card.activeUntil ?? end);
}

/** Lots with the end that a card's activity gives to those that lapse. */
export function withActivity<L extends Lot>(
  lots: readonly L[],
  activeUntil: Instant | null,
): readonly L[] {
  if (activeUntil === null) return lots;
  return lots.map((lot) => (lot.lapses ? { ...lot, expiresAt: activeUntil } : lot));
}

function earliestEnd(lots: readonly Lot[], at: Instant): Instant {
  const ends = lots.filter((lot) => isValidAt(lot, at)).map((lot) => lot.expiresAt ?? Infinity);
  return Math.min(Infinity, ...ends);
}
