import type { PromotionId } from '../values/ids.ts';
import { type BusinessDate, DAY_MS, plusDays, utcDate } from '../values/time.ts';
import { isoWeekday } from './applies.ts';
import type { Audience, UseLimit } from './promotion.ts';

/** What promotions need to know of a customer, and of what they already gave. */
export interface PromotionFacts {
  isFirstPurchase: boolean;
  /** `YYYY-MM-DD`, or null where it is not known. */
  birthday: BusinessDate | null;
  tags: readonly string[];
  /** How often the customer had a promotion in the period of its limit. */
  uses: ReadonlyMap<PromotionId, number>;
  /** Ledger units left in a budget; absent where there is none. */
  rooms: ReadonlyMap<PromotionId, number>;
}

/** Somebody of whom nothing is known: their first sale. */
export const NEW_CUSTOMER: PromotionFacts = {
  isFirstPurchase: true,
  birthday: null,
  tags: [],
  uses: new Map(),
  rooms: new Map(),
};

/** Whether a promotion's audience includes the customer on a business date. */
export function isMeant(audience: Audience, facts: PromotionFacts, date: BusinessDate): boolean {
  switch (audience.kind) {
    case 'firstPurchase':
      return facts.isFirstPurchase;
    case 'birthdayWeek':
      return facts.birthday !== null && isBirthdayWeek(facts.birthday, date);
    case 'tag':
      return facts.tags.includes(audience.tag);
    default:
      return audience satisfies never;
  }
}

const DAYS_AROUND_BIRTHDAY = 3;

/**
 * Seven days with the birthday in their middle: a week that begins on the day itself would miss the
 * party before it. Who was born on 29 February celebrates on the 28th in common years.
 */
function isBirthdayWeek(birthday: BusinessDate, date: BusinessDate): boolean {
  const day = Date.parse(`${date}T00:00:00Z`);
  const year = Number(date.slice(0, 4));
  // Around New Year the nearest birthday lies in another year.
  return [year - 1, year, year + 1].some(
    (y) => Math.abs(birthdayIn(y, birthday) - day) <= DAYS_AROUND_BIRTHDAY * DAY_MS,
  );
}

function birthdayIn(year: number, birthday: BusinessDate): number {
  const month = Number(birthday.slice(5, 7));
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, Math.min(Number(birthday.slice(8, 10)), lastDay));
}

/** The business dates, both included, over which a limit counts; null is without end. */
export interface LimitPeriod {
  from: BusinessDate | null;
  to: BusinessDate | null;
}

/** The period of a limit that a business date falls into; weeks begin on Monday. */
export function limitPeriod(per: UseLimit['per'], date: BusinessDate): LimitPeriod {
  switch (per) {
    case 'day':
      return { from: date, to: date };
    case 'week': {
      const monday = plusDays(date, 1 - isoWeekday(date));
      return { from: monday, to: plusDays(monday, 6) };
    }
    case 'month': {
      const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
      return { from: `${date.slice(0, 7)}-01`, to: utcDate(Date.UTC(year, month, 0)) };
    }
    case 'promotion':
      return { from: null, to: null };
    default:
      return per satisfies never;
  }
}

/** Whether a business date lies in a period. */
export function isInPeriod(period: LimitPeriod, date: BusinessDate): boolean {
  return (period.from === null || date >= period.from) && (period.to === null || date <= period.to);
}
