import { expireLots } from '../../../domain/expiry/expire.ts';
import type { ExpiryBooks, SweepKind, SweepPosition } from '../../../domain/expiry/expiry-books.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { BusinessId, IdSource } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import { expiryEntry } from '../expiry-entries.ts';
import type { Handler } from '../handler.ts';

export interface ExpireLotsDependencies {
  store: CommandStore<{ books: LedgerBooks; expiry: ExpiryBooks }>;
  ids: IdSource;
  now: () => Instant;
  sleep: (ms: number) => Promise<void>;
}

/** Lots a transaction: few, so that a sale on one of their cards waits for milliseconds. */
const BATCH = 20;
/** A run ends after this, so that a worker that is told to stop can; the next tick goes on. */
const MAX_RUN_MS = 15_000;
/** After each batch the machine belongs to the sales for three times as long as the batch took. */
const REST_PER_WORK = 3;
const KINDS: readonly SweepKind[] = ['lots', 'idle-cards'];

/**
 * Posts what has expired: card → expired. Nobody waits for it, because every decision and every read
 * leaves out what has expired by itself; it may come late, twice, or die half-way. It never waits
 * for a card that a sale holds, nor touches one on which sales are still coming in (a till that was
 * offline, a replay): late sales are judged by what was valid when they occurred, as long as it is
 * there. Outcome: always `completed`.
 */
export function createExpireLotsHandler(deps: ExpireLotsDependencies): Handler<'expire-lots'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId, payload } of messages) {
      const endMs = deps.now() + MAX_RUN_MS;
      const at = Math.min(Date.parse(payload.at), deps.now());
      const run = { businessId, at, restingSince: Date.parse(payload.restingSince), endMs };
      let cards = 0;
      for (const kind of KINDS) cards += await sweep(deps, { ...run, kind });
      outcomes.push({ status: 'completed', transactionId: null, result: { cards } });
    }
    return outcomes;
  };
}

interface Run {
  businessId: BusinessId;
  kind: SweepKind;
  at: Instant;
  restingSince: Instant;
  endMs: Instant;
}

async function sweep(deps: ExpireLotsDependencies, run: Run): Promise<number> {
  let cards = 0;
  let position: SweepPosition | undefined;
  do {
    const startedMs = deps.now();
    const batch = await sweepBatch(deps, run, position);
    cards += batch.cards;
    position = batch.next;
    if (position) await deps.sleep(REST_PER_WORK * (deps.now() - startedMs));
  } while (position && deps.now() < run.endMs);
  return cards;
}

function sweepBatch(
  { store, ids, now }: ExpireLotsDependencies,
  { businessId, kind, at, restingSince }: Run,
  after: SweepPosition | undefined,
) {
  return store.transact(async ({ books, expiry }) => {
    const due = await expiry.findDue({ businessId, kind, at, limit: BATCH }, after);
    const cards = await expiry.claimCards(businessId, {
      cardIds: due.cardIds,
      restingSince,
    });
    const config = cards.length > 0 ? await books.loadConfig(businessId) : undefined;
    const entries = cards.flatMap((card) => {
      const program = config?.programs.find((p) => p.id === card.programId);
      if (!program) throw new Error(`no program ${card.programId}`);
      return expireLots(card, at).expiries.map((gone) =>
        expiryEntry(gone, { businessId, program, receivedAt: now() }, ids),
      );
    });
    await books.write(entries);
    const idle = cards.filter(
      (card) =>
        card.activeUntil !== null && card.activeUntil <= at && !card.lots.some((lot) => lot.lapses),
    );
    await expiry.forgetActivity(
      businessId,
      idle.map((card) => card.id),
    );
    return { cards: cards.length, next: due.next };
  });
}
