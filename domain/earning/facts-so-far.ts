import type { CardPerks, CounterKey } from '../ledger/book-entry.ts';
import { isInPeriod } from '../promotions/customer-facts.ts';
import {
  holdingAt,
  ladderOf,
  stepOf,
  type TierHolding,
  type TierProgress,
} from '../tiers/tiers.ts';
import type { BusinessId, CustomerId, ProgramId, PromotionId } from '../values/ids.ts';
import type { BusinessDate, Instant } from '../values/time.ts';
import { budgetCounter, type EarningFacts, type TierFacts } from './facts.ts';
import { counterId, type LoadedFacts, type SaleAnswers, type SaleQuestions } from './sale-facts.ts';

/** What a customer did in a program earlier in the batch. */
interface Doings {
  uses: { promotionId: PromotionId; date: BusinessDate; uses: number }[];
  progress: (TierProgress & { date: BusinessDate })[];
  holdings: TierHolding[];
}

/** Which sale asks, and for whom; a customer nobody knows yet has no id. */
export interface FactsQuery {
  ordinal: number;
  businessId: BusinessId;
  customerId: CustomerId | null;
  occurredAt: Instant;
}

/**
 * The facts that sales of one batch are judged by: what was read, and what the sales before did. So
 * a budget's last unit and a limit's last use go to the first sale of the batch that asks.
 */
export class FactsSoFar {
  readonly #loaded: LoadedFacts | undefined;
  readonly #moved = new Map<string, number>();
  readonly #bought = new Set<CustomerId>();
  readonly #doings = new Map<string, Doings>();

  constructor(loaded: LoadedFacts | undefined) {
    this.#loaded = loaded;
  }

  /** By program; undefined where no program of the sale has a question. */
  factsOf(query: FactsQuery): ReadonlyMap<ProgramId, EarningFacts> | undefined {
    const asked = this.#loaded?.sales.get(query.ordinal);
    if (!asked) return undefined;
    return new Map(
      asked.map(({ questions, answers }) => [
        questions.programId,
        this.#answer(query, questions, answers),
      ]),
    );
  }

  /** Takes over what a sale did. */
  apply(
    businessId: BusinessId,
    customerId: CustomerId | null,
    cards: readonly { card: { programId: ProgramId }; perks?: CardPerks }[],
  ): void {
    if (!this.#loaded || customerId === null) return;
    this.#bought.add(customerId);
    for (const { card, perks } of cards) {
      if (!perks) continue;
      for (const { key, change } of perks.counts) {
        const id = counterId(businessId, key);
        this.#moved.set(id, (this.#moved.get(id) ?? 0) + change);
      }
      const doings = this.#doingsOf(customerId, card.programId);
      doings.uses.push(...perks.uses);
      if (perks.progress) doings.progress.push(perks.progress);
      if (perks.tierChange) doings.holdings.push(perks.tierChange.to);
    }
  }

  #doingsOf(customerId: CustomerId, programId: ProgramId): Doings {
    const key = `${customerId} ${programId}`;
    const doings = this.#doings.get(key) ?? { uses: [], progress: [], holdings: [] };
    this.#doings.set(key, doings);
    return doings;
  }

  #answer(query: FactsQuery, questions: SaleQuestions, answers: SaleAnswers): EarningFacts {
    const { businessId, customerId } = query;
    const { programId, limits, budgets, staff } = questions;
    const doings = customerId === null ? NOTHING : this.#doingsOf(customerId, programId);
    const hasBought = answers.hasBought || (customerId !== null && this.#bought.has(customerId));
    return {
      promotions: {
        isFirstPurchase: !hasBought,
        birthday: answers.birthday,
        tags: answers.tags,
        uses: new Map(
          limits.map(({ promotionId, period }) => {
            let uses = answers.uses.get(promotionId) ?? 0;
            for (const use of doings.uses) {
              if (use.promotionId === promotionId && isInPeriod(period, use.date)) uses += use.uses;
            }
            return [promotionId, uses];
          }),
        ),
        rooms: new Map(budgets.map((id) => [id, this.#room(businessId, id)])),
      },
      tier: tierFacts(query, questions, { answers, doings }),
      staff: staff && { id: staff.id, given: this.#used(businessId, staff.counter).used },
    };
  }

  #room(businessId: BusinessId, promotionId: PromotionId): number {
    const { used, ceiling } = this.#used(businessId, budgetCounter(promotionId));
    return Math.max(0, (ceiling ?? 0) - used);
  }

  #used(businessId: BusinessId, key: CounterKey): { used: number; ceiling: number | null } {
    const id = counterId(businessId, key);
    const { used, ceiling } = this.#loaded?.counters.get(id) ?? { used: 0, ceiling: null };
    return { used: used + (this.#moved.get(id) ?? 0), ceiling };
  }
}

const NOTHING: Doings = { uses: [], progress: [], holdings: [] };

function tierFacts(
  query: FactsQuery,
  { unit, tier }: SaleQuestions,
  { answers, doings }: { answers: SaleAnswers; doings: Doings },
): TierFacts | null {
  if (!tier) return null;
  const history = [...answers.history, ...doings.holdings];
  const progress = { ...answers.progress };
  for (const { date, earned, spend } of doings.progress) {
    if (!isInPeriod(tier.window, date)) continue;
    progress.earned += earned;
    progress.spend += spend;
  }
  const level = holdingAt(history, query.occurredAt)?.level ?? null;
  const ladder = ladderOf(tier.rules, unit);
  const step = ladder.steps[stepOf(ladder, level) - 1];
  const held = level === null ? null : { name: level, multiplier: step?.multiplier ?? null };
  return { rules: tier.rules, held, history, progress };
}
