import type { BusinessId, JobId, StoreId } from '../values/ids.ts';
import { type BusinessDate, DAY_MS, type Instant, localDate, plusDays } from '../values/time.ts';
import type { Period } from './period.ts';
import type {
  Cohort,
  HeatCell,
  PromotionUse,
  Scope,
  SeriesPoint,
  TopCustomer,
} from './readings.ts';
import type { Kpi, ProgramFigures } from './kpis.ts';
import type { ProgramLiability } from './liability.ts';
import type { OpenRewards } from './readings.ts';

/** How long a report can be fetched. It holds no names, so nobody has to be taken out of it. */
export const REPORT_DAYS = 90;

/** What a report shows, of its period and of the one before. */
export interface ReportContent {
  business: { name: string; zone: string };
  /** Null for all of them. */
  storeName: string | null;
  scope: Scope;
  previous: Period;
  madeAt: Instant;
  kpis: readonly Kpi[];
  programs: readonly ProgramFigures[];
  series: Record<'current' | 'previous', readonly SeriesPoint[]>;
  heat: Record<'current' | 'previous', readonly HeatCell[]>;
  cohorts: Record<'current' | 'previous', readonly Cohort[]>;
  top: readonly (TopCustomer & { previousRank: number | null })[];
  liability: readonly ProgramLiability[];
  openRewards: readonly OpenRewards[];
  promotions: Record<'current' | 'previous', readonly PromotionUse[]>;
}

export interface ReportFile {
  name: string;
  bytes: number;
}

/** Where a file of a report is kept. */
export function reportKey(businessId: BusinessId, id: JobId, name: string): string {
  return `reports/${businessId}/${id}/${name}`;
}

/** The last whole week before an instant, Monday to Sunday, as a zone's calendar has it. */
export function lastWeek(at: Instant, zone: string): Period {
  const today = localDate(at, zone);
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  const monday = plusDays(today, -weekday - 7);
  return { from: monday, to: plusDays(monday, 6) };
}

export const REPORT_LIFE_MS = REPORT_DAYS * DAY_MS;

/** Reports that were made, inside one transaction. */
export interface Reports {
  record(
    businessId: BusinessId,
    made: {
      id: JobId;
      requestedBy: string;
      period: Period;
      storeId: StoreId | null;
      currency: string;
      week: BusinessDate | null;
      madeAt: Instant;
      expiresAt: Instant;
      files: readonly ReportFile[];
    },
  ): Promise<void>;
  /** Whether a week has its report. */
  hasWeek(businessId: BusinessId, week: BusinessDate): Promise<boolean>;
}
