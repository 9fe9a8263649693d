import type { CounterKey } from '../ledger/book-entry.ts';
import { type Program, participates, versionAt } from '../programs/program.ts';
import { isOn, type Moment, momentOf } from '../promotions/applies.ts';
import { type LimitPeriod, limitPeriod } from '../promotions/customer-facts.ts';
import { type TierHolding, type TierProgress, type TierRules, tierWindow } from '../tiers/tiers.ts';
import type { BusinessId, ProgramId, PromotionId, StaffId, StoreId } from '../values/ids.ts';
import { type BusinessDate, businessDate, type Instant } from '../values/time.ts';
import type { Unit } from '../values/units.ts';
import type { BusinessConfig } from './decide-purchase.ts';
import { budgetCounter, staffCounter } from './facts.ts';

/** What a program must know of a sale's customer and of shared counters before it can judge it. */
export interface SaleQuestions {
  programId: ProgramId;
  unit: Unit;
  asksFirstPurchase: boolean;
  /** Whether birthday or tags matter. */
  asksCustomer: boolean;
  limits: readonly { promotionId: PromotionId; period: LimitPeriod }[];
  budgets: readonly PromotionId[];
  staff: { id: StaffId; counter: CounterKey } | null;
  tier: { rules: TierRules; window: { from: BusinessDate; to: BusinessDate } } | null;
}

/** What the books answer. */
export interface SaleAnswers {
  hasBought: boolean;
  birthday: BusinessDate | null;
  tags: readonly string[];
  uses: ReadonlyMap<PromotionId, number>;
  progress: TierProgress;
  history: readonly TierHolding[];
}

/** Of a customer of whom the books know nothing yet. */
export const NO_ANSWERS: SaleAnswers = {
  hasBought: false,
  birthday: null,
  tags: [],
  uses: new Map(),
  progress: { earned: 0, spend: 0 },
  history: [],
};

/** What was read for a batch of sales. */
export interface LoadedFacts {
  /** By the sale's place in the batch. */
  sales: ReadonlyMap<number, readonly { questions: SaleQuestions; answers: SaleAnswers }[]>;
  /** Ledger units; the key is `counterId`'s. */
  counters: ReadonlyMap<string, { used: number; ceiling: number | null }>;
}

/** Names a counter across businesses. */
export function counterId(businessId: BusinessId, key: CounterKey): string {
  return `${businessId} ${key}`;
}

/** The counters that judging a sale may move. */
export function countersOf({ budgets, staff }: SaleQuestions): CounterKey[] {
  const keys = budgets.map(budgetCounter);
  if (staff) keys.push(staff.counter);
  return keys;
}

export interface AskingSale {
  storeId: StoreId;
  occurredAt: Instant;
  staffId?: StaffId | undefined;
}

/** The questions of a sale, one entry per program that has any; mostly there are none. */
export function questionsOf(config: BusinessConfig, sale: AskingSale): SaleQuestions[] {
  if (!mayAsk(config)) return [];
  const store = config.stores.find((s) => s.id === sale.storeId);
  if (!store) return [];
  const { occurredAt } = sale;
  const moment = momentOf({
    occurredAt,
    businessDate: businessDate(occurredAt, store),
    store,
  });
  return config.programs.flatMap((program) => {
    if (!programMayAsk(program) || !participates(program, store)) return [];
    const questions = programQuestions(program, moment, sale.staffId);
    return questions ? [questions] : [];
  });
}

function programQuestions(
  program: Program,
  moment: Moment,
  staffId: StaffId | undefined,
): SaleQuestions | undefined {
  const limits: { promotionId: PromotionId; period: LimitPeriod }[] = [];
  const budgets: PromotionId[] = [];
  let asksFirstPurchase = false;
  let asksCustomer = false;
  for (const promotion of program.promotions) {
    const { id, limit, audience } = promotion;
    if (id === null || !isOn(promotion, moment)) continue;
    if (limit) limits.push({ promotionId: id, period: limitPeriod(limit.per, moment.date) });
    if (promotion.hasBudget) budgets.push(id);
    if (audience?.kind === 'firstPurchase') asksFirstPurchase = true;
    else if (audience) asksCustomer = true;
  }
  const rules = versionAt(program, moment.at)?.tiers ?? null;
  const tier = rules && { rules, window: tierWindow(rules.window, moment.date) };
  const staff =
    staffId && hasStaffCap(program)
      ? { id: staffId, counter: staffCounter(program.id, staffId, moment.date) }
      : null;
  const isSilent =
    !tier && !staff && !asksFirstPurchase && !asksCustomer && limits.length + budgets.length === 0;
  if (isSilent) return undefined;
  const { id: programId, unit } = program;
  return { programId, unit, asksFirstPurchase, asksCustomer, limits, budgets, staff, tier };
}

const askingConfigs = new WeakMap<BusinessConfig, boolean>();

/** Looked up once a set-up, so that businesses without any of this pay for one look-up a sale. */
function mayAsk(config: BusinessConfig): boolean {
  let asks = askingConfigs.get(config);
  if (asks === undefined) {
    asks = config.programs.some(programMayAsk);
    askingConfigs.set(config, asks);
  }
  return asks;
}

function programMayAsk(program: Program): boolean {
  return (
    program.promotions.length > 0 ||
    hasStaffCap(program) ||
    program.versions.some((version) => version.tiers !== undefined)
  );
}

function hasStaffCap(program: Program): boolean {
  return program.versions.some((version) => version.caps.perStaffPerBusinessDay !== undefined);
}
