import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import {
  type LedgerDifference,
  type VerifierBooks,
  verifyCard,
} from '../../../domain/ledger/verify.ts';
import type { BusinessId, CardId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { Handler } from '../handler.ts';

export interface VerifyLedgerDependencies {
  store: CommandStore<{ verifier: VerifierBooks }>;
  now: () => Instant;
  /** Tells ops of each difference, as an error. */
  onDifference: (businessId: BusinessId, difference: LedgerDifference) => void;
}

/** Cards a statement: a fraction of a second, so that no vacuum waits for a long snapshot. */
const SLICE = 1_000;

/**
 * Recomputes every card of a business from its postings and lots. What differs is kept and told as
 * an error, and never repaired: that is for somebody who has found out why. Outcome: always
 * `completed`.
 */
export function createVerifyLedgerHandler(
  deps: VerifyLedgerDependencies,
): Handler<'verify-ledger'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId } of messages) {
      const result = await verify(deps, businessId);
      outcomes.push({ status: 'completed', transactionId: null, result });
    }
    return outcomes;
  };
}

async function verify(
  { store, now, onDifference }: VerifyLedgerDependencies,
  businessId: BusinessId,
): Promise<{ cards: number; differences: number }> {
  const startedAt = now();
  const counted = { cards: 0, differences: 0 };
  let after: CardId | undefined;
  do {
    const slice = await store.transact(async ({ verifier }) => {
      const sums = await verifier.sumCards(businessId, { after, limit: SLICE });
      const differences = sums.flatMap(verifyCard);
      await verifier.noteDifferences(businessId, startedAt, differences);
      return { sums, differences };
    });
    for (const difference of slice.differences) onDifference(businessId, difference);
    counted.cards += slice.sums.length;
    counted.differences += slice.differences.length;
    after = slice.sums.length === SLICE ? slice.sums.at(-1)?.cardId : undefined;
  } while (after);
  await store.transact(({ verifier }) =>
    verifier.noteCheck(businessId, { startedAt, finishedAt: now(), ...counted }),
  );
  return counted;
}
