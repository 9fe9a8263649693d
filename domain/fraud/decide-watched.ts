import {
  decidePurchase,
  type PurchaseDecision,
  type PurchaseState,
  type RecordedPurchase,
  type RecordPurchase,
} from '../earning/decide-purchase.ts';
import type { CardDecision } from '../earning/earn.ts';
import { type ExplanationStep, step } from '../earning/explanation.ts';
import type { ApprovalId } from '../tenancy/approval.ts';
import type { IdSource, ProgramId } from '../values/ids.ts';
import { holds, type Suspicion } from './rules.ts';
import type { Sighting, SightingsSoFar } from './sightings.ts';

export interface WatchedDecision {
  decided: PurchaseDecision;
  /** What the owner should look at, by program. */
  flagged: ReadonlyMap<ProgramId, readonly Suspicion[]>;
  /** The approval that cards of the decision wait for; null where none does. */
  approvalId: ApprovalId | null;
}

const NONE: ReadonlyMap<ProgramId, readonly Suspicion[]> = new Map();

/**
 * Judges a purchase and then looks at it: where a program's rules hold it, the whole sale waits, and
 * gives nothing until somebody has approved it. Whoever rings up their own card earns nothing, by no
 * setting.
 * @param watch.seen undefined where somebody has looked already
 * @param watch.ordinal the sale's place in its batch
 */
export function decideWatched(
  command: RecordPurchase,
  state: PurchaseState,
  watch: { seen: SightingsSoFar | undefined; sighting: Sighting; ordinal: number },
  ids: IdSource,
): WatchedDecision {
  const { seen, sighting, ordinal } = watch;
  if (seen?.isOwnCard(ordinal)) return ownCard(command, state, ids);
  const decided = decidePurchase(command, state, ids);
  if (decided.kind === 'refused' || !seen) return { decided, flagged: NONE, approvalId: null };
  const found = seen.suspect(decided, sighting);
  const suspicions = [...found.values()].flat();
  if (!holds(suspicions)) return { decided, flagged: found, approvalId: null };
  return hold(command, state, { decided, suspicions: distinct(suspicions) }, ids);
}

function hold(
  command: RecordPurchase,
  state: PurchaseState,
  { decided, suspicions }: { decided: RecordedPurchase; suspicions: readonly Suspicion[] },
  ids: IdSource,
): WatchedDecision {
  const approvalId = ids.id('apr');
  const steps = suspicions.map(({ text }) =>
    step('held', `${text}: waits for approval, and gives nothing until then`),
  );
  const without = decidePurchase(command, { ...state, withheld: fromAll(state, steps) }, ids);
  if (without.kind === 'refused') throw new Error(`holding a sale refused it: ${without.code}`);
  const cards = without.cards.map((card): CardDecision => {
    if (!card.isWithheld) return card;
    const would = decided.cards.find(({ program }) => program.id === card.program.id);
    return { ...card, held: { approvalId, suspicions, wouldEarn: would?.earned ?? 0 } };
  });
  const notes = [...without.notes, 'held-for-approval'] as const;
  return { decided: { ...without, cards, notes }, flagged: NONE, approvalId };
}

/** Several programs may find the same. */
function distinct(suspicions: readonly Suspicion[]): Suspicion[] {
  return [...new Map(suspicions.map((one) => [`${one.rule} ${one.text}`, one])).values()];
}

function fromAll({ config }: PurchaseState, steps: readonly ExplanationStep[]) {
  return new Map(config.programs.map(({ id }) => [id, steps]));
}

function ownCard(command: RecordPurchase, state: PurchaseState, ids: IdSource): WatchedDecision {
  const text = 'Rung up by whoever the card belongs to';
  const withheld = fromAll(state, [step('self-award', `${text}: recorded, and earns nothing`)]);
  const decided = decidePurchase(command, { ...state, withheld }, ids);
  if (decided.kind === 'refused') return { decided, flagged: NONE, approvalId: null };
  const suspicion: Suspicion = { rule: 'ownCard', action: 'flag', text };
  const [first] = decided.cards.filter(({ isWithheld }) => isWithheld);
  const flagged = first ? new Map([[first.program.id, [suspicion]]]) : NONE;
  return { decided, flagged, approvalId: null };
}
