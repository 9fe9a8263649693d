import { summarize } from '../../domain/analytics/kpis.ts';
import { programLiabilities } from '../../domain/analytics/liability.ts';
import { type Period, periodBefore } from '../../domain/analytics/period.ts';
import type { FiguresReader } from '../../domain/analytics/readings.ts';
import { type ReportContent, type ReportFile, reportKey } from '../../domain/analytics/report.ts';
import {
  cohortTable,
  compareHeat,
  heatTable,
  liabilityTable,
  promotionTable,
  seriesTable,
  summaryTable,
  type Table,
  topCustomersTable,
  withRanks,
} from '../../domain/analytics/tables.ts';
import { toCsv } from '../../domain/files/csv.ts';
import type { FileStore } from '../../domain/files/file-store.ts';
import type { BusinessId, JobId, StoreId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { renderReport } from './page.ts';

export interface ReportDependencies {
  figures: FiguresReader;
  files: FileStore | undefined;
  now: () => Instant;
  /** Null where there is none. */
  storeName: (businessId: BusinessId, storeId: StoreId) => Promise<string | null>;
  /** Tells whoever polls the job how many files are ready. */
  tellProgress: (jobId: JobId, progress: { done: number; total: number }) => Promise<void>;
}

export interface ReportWish {
  id: JobId;
  businessId: BusinessId;
  period: Period;
  storeId: StoreId | null;
}

const TOP = 20;
const COHORT_MONTHS = 12;

/**
 * Reads the figures of a period and writes them as a page to print and files to count on with. Done
 * again, it writes the same files.
 */
export async function writeReport(
  wish: ReportWish,
  dependencies: ReportDependencies,
): Promise<{ currency: string; madeAt: Instant; files: ReportFile[] }> {
  const { files, tellProgress } = dependencies;
  if (!files) throw new Error('S3_BUCKET is not set: there is nowhere to write files to');
  const content = await readContent(wish, dependencies);
  const parts = [pageOf(content), ...tablesOf(content).map(fileOf)];
  const written: ReportFile[] = [];
  for (const [done, part] of parts.entries()) {
    await tellProgress(wish.id, { done, total: parts.length });
    const { name, contentType, pieces, isPage } = part;
    const key = reportKey(wish.businessId, wish.id, name);
    // A page opens in the browser; the rest is saved.
    const of = isPage ? { contentType } : { contentType, fileName: name };
    written.push({ name, bytes: (await files.write(key, pieces, of)).bytes });
  }
  return { currency: content.scope.currency, madeAt: content.madeAt, files: written };
}

async function readContent(
  { businessId, period, storeId }: ReportWish,
  { figures, now, storeName }: ReportDependencies,
): Promise<ReportContent> {
  const business = await figures.findBusiness(businessId);
  if (!business) throw new Error(`no business ${businessId}`);
  const { currency } = business;
  const scope = { businessId, storeIds: storeId && [storeId], currency, ...period };
  const previous = { ...scope, ...periodBefore(period) };
  // One after the other: whoever waits for a report can wait, and a sale shall not wait for it.
  const summary = summarize(await figures.overview(scope), await figures.overview(previous));
  const by = { by: 'net', limit: TOP } as const;
  const top = withRanks(
    await figures.topCustomers(scope, by),
    await figures.topCustomers(previous, { ...by, limit: 100 }),
  );
  const { holdings, rewards } = await figures.liability(scope);
  const before = storeId ? undefined : await figures.balancesAt(businessId, previous.to);
  return {
    business,
    storeName: storeId && (await storeName(businessId, storeId)),
    scope,
    previous,
    madeAt: now(),
    ...summary,
    series: {
      current: await figures.series(scope, 'day'),
      previous: await figures.series(previous, 'day'),
    },
    heat: { current: await figures.heat(scope), previous: await figures.heat(previous) },
    cohorts: {
      current: await figures.cohorts(scope, COHORT_MONTHS),
      previous: await figures.cohorts(previous, COHORT_MONTHS),
    },
    top,
    liability: programLiabilities(holdings, before),
    openRewards: rewards,
    promotions: {
      current: await figures.promotions(scope),
      previous: await figures.promotions(previous),
    },
  };
}

function tablesOf(content: ReportContent): Table[] {
  return [
    summaryTable(content),
    seriesTable(content.series),
    heatTable(compareHeat(content.heat)),
    cohortTable(content.cohorts),
    topCustomersTable(content.top, { withNames: false }),
    liabilityTable(content.liability, content.openRewards),
    promotionTable(content.promotions),
  ];
}

interface Part {
  name: string;
  contentType: string;
  pieces: AsyncIterable<string>;
  isPage: boolean;
}

function pageOf(content: ReportContent): Part {
  async function* pieces() {
    yield renderReport(content);
  }
  const contentType = 'text/html; charset=utf-8';
  return { name: 'report.html', contentType, pieces: pieces(), isPage: true };
}

function fileOf({ name, columns, rows }: Table): Part {
  async function* pages() {
    yield rows;
  }
  const contentType = 'text/csv; charset=utf-8';
  return { name: `${name}.csv`, contentType, pieces: toCsv(columns, pages()), isPage: false };
}
