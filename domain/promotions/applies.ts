import type { StoreId } from '../values/ids.ts';
import {
  type BusinessDate,
  type Instant,
  localDate,
  MINUTE_MS,
  offsetMinutes,
  plusDays,
} from '../values/time.ts';
import type { LivePromotion } from './promotion.ts';

/** When and where a sale happened, as promotions ask. */
export interface Moment {
  at: Instant;
  storeId: StoreId;
  zone: string;
  /** The store's business date. */
  date: BusinessDate;
  /** ISO weekday of the business date. */
  weekday: number;
  /** Minutes of the local day on the store's clock. */
  minutes: number;
}

const MINUTES_A_DAY = 1440;

/** The moment of a sale, worked out once for all promotions. */
export function momentOf(sale: {
  occurredAt: Instant;
  businessDate: BusinessDate;
  store: { id: StoreId; zone: string };
}): Moment {
  const { occurredAt, businessDate, store } = sale;
  const local = Math.floor(occurredAt / MINUTE_MS) + offsetMinutes(occurredAt, store.zone);
  return {
    at: occurredAt,
    storeId: store.id,
    zone: store.zone,
    date: businessDate,
    weekday: isoWeekday(businessDate),
    minutes: ((local % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY,
  };
}

/** 1 = Monday … 7 = Sunday, as ISO 8601 counts. */
export function isoWeekday(date: BusinessDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/**
 * Whether a promotion was on at a moment in a store. Dates and weekdays are the store's business
 * date, hours its clock; the hours after midnight of a window that runs past it belong to the
 * evening it began on.
 */
export function isOn(promotion: LivePromotion, moment: Moment): boolean {
  if (moment.at < promotion.liveFrom) return false;
  if (promotion.liveTo !== null && moment.at >= promotion.liveTo) return false;
  if (promotion.stores && !promotion.stores.has(moment.storeId)) return false;
  const { hours } = promotion;
  if (!hours) return isOnDate(promotion, moment.date, moment.weekday);
  const { minutes } = moment;
  if (hours.from < hours.to) {
    return (
      minutes >= hours.from &&
      minutes < hours.to &&
      isOnDate(promotion, moment.date, moment.weekday)
    );
  }
  if (minutes >= hours.from) return isOnDate(promotion, moment.date, moment.weekday);
  if (minutes >= hours.to) return false;
  const evening = plusDays(localDate(moment.at, moment.zone), -1);
  return isOnDate(promotion, evening, isoWeekday(evening));
}

function isOnDate(promotion: LivePromotion, date: BusinessDate, weekday: number): boolean {
  return (
    (promotion.dateFrom === null || date >= promotion.dateFrom) &&
    (promotion.dateTo === null || date <= promotion.dateTo) &&
    (promotion.weekdays & (1 << weekday)) !== 0
  );
}
