import type {
  BusinessId,
  CustomerId,
  ProgramId,
  PromotionId,
  RewardDefinitionId,
  StoreId,
} from '../values/ids.ts';
import type { BusinessDate } from '../values/time.ts';
import type { Unit } from '../values/units.ts';
import type { Period } from './period.ts';

/** What a reading is about. */
export interface Scope extends Period {
  businessId: BusinessId;
  /** Only what happened at these; null for all, and for what happened at none. */
  storeIds: readonly StoreId[] | null;
  /** Money is counted in this currency alone; visits and members are of all. */
  currency: string;
}

/** Sums over a period; money in minor units. */
export interface Sums {
  /** Rung up, less those refunded whole. */
  sales: number;
  /** Sales, and stamps by hand that were not undone. */
  visits: number;
  /** Of these, with a customer. */
  memberVisits: number;
  gross: number;
  /** By the day of the refund. */
  refunded: number;
}

export interface Members {
  active: number;
  /** Of these, those who came on two days or more. */
  repeat: number;
  /** Of these, those whose first visit it was. */
  new: number;
}

export interface RewardCounts {
  issued: number;
  redeemed: number;
  expired: number;
}

/** In ledger units, each less what was taken back. */
export interface ProgramSums {
  programId: ProgramId;
  name: string;
  unit: Unit;
  issued: number;
  redeemed: number;
  expired: number;
}

/** What a summary is made of. */
export interface Overview {
  sums: Sums;
  members: Members;
  rewards: RewardCounts;
  programs: readonly ProgramSums[];
}

export const INTERVALS = ['day', 'week', 'month'] as const;
/** Weeks begin on Monday. */
export type Interval = (typeof INTERVALS)[number];

/** One step of a series; `start` is the first day of it that is in the period. */
export interface SeriesPoint extends Sums {
  start: BusinessDate;
  activeMembers: number;
  newMembers: number;
}

/** Those whose first visit was in one month, and what became of them. */
export interface Cohort {
  /** `YYYY-MM` */
  month: string;
  size: number;
  /** By how many months later; 0 is the month itself. */
  months: readonly { active: number; net: number }[];
}

export interface HeatCell {
  /** 1 is Monday. */
  weekday: number;
  hour: number;
  sales: number;
  visits: number;
  gross: number;
}

export interface TopCustomer {
  customerId: CustomerId;
  /** Null where nobody has told it. */
  name: string | null;
  visits: number;
  gross: number;
  net: number;
  lastVisit: BusinessDate | null;
}

export const TOP_BY = ['net', 'visits'] as const;
export type TopBy = (typeof TOP_BY)[number];

/** What is on cards and has not expired, in ledger units. */
export interface Holding {
  programId: ProgramId;
  name: string;
  unit: Unit;
  /** What a whole point is worth in minor units, where the program says so. */
  pointValueMinor: string | null;
  currency: string;
  /** `YYYY-MM`; null is never. */
  month: string | null;
  amount: number;
}

/** Rewards that can be used, by when they expire. */
export interface OpenRewards {
  programId: ProgramId;
  definitionId: RewardDefinitionId;
  name: string;
  month: string | null;
  rewards: number;
}

export interface Liability {
  holdings: readonly Holding[];
  rewards: readonly OpenRewards[];
}

/** Sales on which a promotion gave something, beside those of the same days and stores. */
export interface PromotionUse {
  promotionId: PromotionId;
  programId: ProgramId;
  name: string;
  unit: Unit;
  uses: number;
  /** Ledger units. */
  given: number;
  /** Money of the sales with it, less refunds. */
  net: number;
  /** Visits by members on the same days in the same stores on which it gave nothing. */
  otherVisits: number;
  otherNet: number;
}

/** The figures, for those who may only read. */
export interface FiguresReader {
  /** Where a business is, and what it counts in. */
  findBusiness(
    businessId: BusinessId,
  ): Promise<{ name: string; zone: string; currency: string } | undefined>;
  overview(scope: Scope): Promise<Overview>;
  series(scope: Scope, interval: Interval): Promise<SeriesPoint[]>;
  /** @param months how many months to follow each cohort, its own included */
  cohorts(scope: Scope, months: number): Promise<Cohort[]>;
  heat(scope: Scope): Promise<HeatCell[]>;
  topCustomers(scope: Scope, wish: { by: TopBy; limit: number }): Promise<TopCustomer[]>;
  /** As of now. */
  liability(scope: Pick<Scope, 'businessId' | 'storeIds'>): Promise<Liability>;
  /** What was on all cards at the end of a day, in ledger units, by program. */
  balancesAt(businessId: BusinessId, date: BusinessDate): Promise<Map<ProgramId, number>>;
  promotions(scope: Scope): Promise<PromotionUse[]>;
}
