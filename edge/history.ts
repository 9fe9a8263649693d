import { z } from 'zod';
import type {
  BusinessId,
  CardId,
  CustomerId,
  StoreId,
  TransactionId,
} from '../domain/values/ids.ts';
import { DAY_MS, type Instant } from '../domain/values/time.ts';
import { instant } from '../queues/fields.ts';
import type { PosPrincipal, StaffPrincipal } from './ports.ts';
import { Problem } from './problems.ts';
import { explanationStep, money } from './schemas.ts';

/** What has happened, for the people of a business to look up: sales and the like, and who did what. */
export interface HistoryReader {
  /** Newest first, by when they were recorded. */
  listTransactions(
    businessId: BusinessId,
    wish: TransactionWish & PageWish,
  ): Promise<TransactionView[]>;
  findTransaction(
    businessId: BusinessId,
    id: TransactionId,
    storeIds: readonly StoreId[] | null,
  ): Promise<TransactionDetail | undefined>;
  /** Newest first. */
  listAudit(businessId: BusinessId, wish: AuditWish & PageWish): Promise<AuditView[]>;
}

interface PageWish {
  limit: number;
  /** The id that the page before ended with. */
  after: string | undefined;
  from: Instant | undefined;
  to: Instant | undefined;
}

export interface TransactionWish {
  /** Only of these stores; null for all, and for what happened at none. */
  storeIds: readonly StoreId[] | null;
  cardId: CardId | undefined;
  customerId: CustomerId | undefined;
  kind: string | undefined;
}

export interface AuditWish {
  subjectId: string | undefined;
  action: string | undefined;
}

export const TRANSACTION_KINDS = [
  'purchase',
  'refund',
  'award',
  'adjustment',
  'reward',
  'expiry',
  'merge',
  'unmerge',
  'opening-balance',
  'claim',
  'release',
] as const;

const listed = {
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  integration: z.string().meta({ description: 'Who recorded it.' }),
  externalId: z.string(),
  storeId: z.string().nullable(),
  customerId: z.string().nullable(),
  originalId: z.string().nullable().meta({ description: 'What it takes back or belongs to.' }),
  occurredAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
  businessDate: z.iso.date(),
  total: money.nullable(),
};

export const transactionViewSchema = z.object(listed).meta({ id: 'TransactionSummary' });

export const transactionDetailSchema = z
  .object({
    ...listed,
    receipt: z.unknown().meta({ description: 'As it was posted.' }),
    outcome: z.unknown().meta({ description: 'As it was answered.' }),
    explanation: z
      .array(
        z.object({
          cardId: z.string().nullable(),
          programId: z.string().nullable(),
          programName: z.string().nullable(),
          steps: z.array(explanationStep),
        }),
      )
      .meta({ description: 'Why it gave what it gave, one entry a card; kept as it was decided.' }),
  })
  .meta({ id: 'TransactionDetail' });

export const auditViewSchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    principal: z.object({ kind: z.string(), id: z.string() }),
    action: z.string().meta({ examples: ['update-store'] }),
    subjectId: z.string().nullable(),
    jobId: z.string(),
    outcome: z.string(),
    detail: z.unknown(),
  })
  .meta({ id: 'AuditEntry' });

export type TransactionView = z.output<typeof transactionViewSchema>;
export type TransactionDetail = z.output<typeof transactionDetailSchema>;
export type AuditView = z.output<typeof auditViewSchema>;

/** The query fields of a list over time. */
export const rangeFields = {
  from: instant.optional(),
  to: instant.optional().meta({ description: 'Not included; at most a year after from.' }),
};

const LONGEST_RANGE_MS = 366 * DAY_MS;

/** @throws Problem `malformed-query` for a range that is longer than a year, or runs backwards */
export function readRange(query: { from?: string | undefined; to?: string | undefined }) {
  const from = query.from === undefined ? undefined : Date.parse(query.from);
  const to = query.to === undefined ? undefined : Date.parse(query.to);
  const length = from === undefined || to === undefined ? 0 : to - from;
  if (length < 0 || length > LONGEST_RANGE_MS) {
    const detail = 'to must lie after from, by a year at most.';
    throw new Problem('malformed-query', {
      detail,
      errors: [{ pointer: '/to', code: 'out-of-range', detail }],
    });
  }
  return { from, to };
}

/** The stores that somebody answers for; null for the whole business. */
export function storesOf(principal: PosPrincipal | StaffPrincipal): readonly StoreId[] | null {
  if (principal.kind === 'staff') return principal.storeIds;
  return principal.isForAllStores ? null : principal.storeIds;
}
