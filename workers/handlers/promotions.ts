import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { Program } from '../../domain/programs/program.ts';
import type { PromotionBooks, PromotionFields } from '../../domain/promotions/books.ts';
import type { PromotionDecision } from '../../domain/promotions/life.ts';
import type { RecordOf } from '../../domain/tenancy/setup.ts';
import type { BusinessId, IdSource, ProgramId, PromotionId } from '../../domain/values/ids.ts';
import { type Instant } from '../../domain/values/time.ts';
import { toLedgerUnits, type Unit } from '../../domain/values/units.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { changeRecord, type Refusal, refuse } from './change.ts';
import type { WorkOutcome } from './command.ts';

export interface PromotionRepos {
  books: LedgerBooks;
  promotions: PromotionBooks;
}

export interface PromotionDependencies {
  store: CommandStore<PromotionRepos>;
  ids: IdSource;
}

/** A program of the business; undefined when it has none of that id. */
export async function findProgram(
  { books }: PromotionRepos,
  businessId: BusinessId,
  id: ProgramId,
): Promise<Program | undefined> {
  const config = await books.loadConfig(businessId);
  return config?.programs.find((program) => program.id === id);
}

/** The first of the named stores that takes no part in the program, as a refusal. */
export async function refuseUnknownStores(
  { books }: PromotionRepos,
  businessId: BusinessId,
  storeIds: readonly string[] = [],
): Promise<Refusal | undefined> {
  const config = await books.loadConfig(businessId);
  const unknown = storeIds.find((id) => !config?.stores.some((store) => store.id === id));
  return unknown === undefined ? undefined : refuse('unknown-store', `There is no ${unknown}.`);
}

/**
 * Changes a promotion that is still as the sender saw it, from the moment the command was sent.
 * Outcomes: `completed`, `not-found`, `precondition-failed`, `budget-already-given`, or what `decide`
 * refuses.
 */
export function changePromotion<Payload extends { id: PromotionId; expectedRevision: number }>(
  repos: PromotionRepos,
  message: Envelope<Payload>,
  decide: (
    promotion: RecordOf<PromotionFields>,
    context: { at: Instant; unit: Unit },
  ) => PromotionDecision | Refusal | Promise<PromotionDecision | Refusal>,
): Promise<WorkOutcome> {
  const { businessId } = message;
  return changeRecord(repos.promotions.records, message, async (_, promotion) => {
    const program = await findProgram(repos, businessId, promotion.programId);
    if (!program) return refuse('unknown-program');
    const { unit } = program;
    const decision = await decide(promotion, { at: Date.parse(message.receivedAt), unit });
    if ('status' in decision) return decision;
    if (decision.kind === 'refused') return refuse(decision.code);
    const { status, definition, editions } = decision.promotion;
    if (definition.budget !== undefined && editions.length > 0) {
      const ceiling = toLedgerUnits(definition.budget, unit);
      const isSet = await repos.promotions.setBudget(businessId, message.payload.id, ceiling);
      if (!isSet) return refuse('budget-already-given');
    }
    return { status, definition, editions };
  });
}
