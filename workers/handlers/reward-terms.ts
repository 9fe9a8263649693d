import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import {
  type RewardDefinitionFields,
  type RewardDefinitionStatus,
  type RewardTerms,
  stockAfterEdit,
} from '../../domain/rewards/definition.ts';
import type { RecordOf, Setup } from '../../domain/tenancy/setup.ts';
import type { BusinessId, IdSource } from '../../domain/values/ids.ts';
import { type Refusal, refuse } from './change.ts';

export interface DefinitionRepos {
  setup: Setup;
  books: LedgerBooks;
}

export interface DefinitionDependencies {
  store: CommandStore<DefinitionRepos>;
  ids: IdSource;
}

/** From which states a definition can reach another. */
const reachable: Record<RewardDefinitionStatus, readonly RewardDefinitionStatus[]> = {
  draft: [],
  live: ['draft', 'paused'],
  paused: ['live'],
  ended: ['draft', 'live', 'paused'],
};

/** Where a definition goes from here, or why it cannot. */
export function transition(
  { status }: Pick<RewardDefinitionFields, 'status'>,
  to: RewardDefinitionStatus,
): Pick<RewardDefinitionFields, 'status'> | Refusal {
  if (reachable[to].includes(status)) return { status: to };
  return refuse('wrong-state', `It is ${status}.`);
}

/** Some of the terms; null takes a limit away. */
export type TermsPatch = { [Field in keyof RewardTerms]?: RewardTerms[Field] | null | undefined };

/** The terms after an edit, with what is then left in stock. An ended reward is not edited. */
export function editTerms(
  record: RecordOf<RewardDefinitionFields>,
  patch: TermsPatch,
): Pick<RewardDefinitionFields, 'definition' | 'stockLeft'> | Refusal {
  if (record.status === 'ended') return refuse('wrong-state', 'It is ended.');
  const { definition: old, stockLeft } = record;
  const merged = Object.entries({ ...old, ...patch }).filter(([, value]) => value !== null);
  const definition = Object.fromEntries(merged) as unknown as RewardTerms;
  const priced = hasPrice(definition);
  if (priced) return priced;
  const current = { stock: old.stock, stockLeft };
  return { definition, stockLeft: stockAfterEdit(current, definition.stock) };
}

/** What is given by itself costs nothing: nobody was asked. */
function hasPrice({ occasion, cost = '0' }: TermsPatch): Refusal | undefined {
  if (!occasion || cost === '0') return undefined;
  return refuse('gift-has-price', 'What is given for a birthday costs "0".');
}

/** Why terms cannot be kept: they name what the business does not have. */
export async function whyNotKept(
  { books }: DefinitionRepos,
  businessId: BusinessId,
  { programId, terms }: { programId?: string; terms: TermsPatch },
): Promise<Refusal | undefined> {
  const priced = hasPrice(terms);
  if (priced) return priced;
  const config = await books.loadConfig(businessId);
  if (programId && !config?.programs.some((p) => p.id === programId)) {
    return refuse('unknown-program');
  }
  const unknown = terms.storeIds?.find((id) => !config?.stores.some((s) => s.id === id));
  return unknown && refuse('unknown-store', `The business has no store ${unknown}.`);
}
