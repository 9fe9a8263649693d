import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import { type Program, versionAt } from '../../../domain/programs/program.ts';
import { endPeriod, NOTICE_MS, type PeriodDecision } from '../../../domain/tiers/end-period.ts';
import type { DueCard, TierBooks, TierUpdate } from '../../../domain/tiers/tier-books.ts';
import { ladderOf, type TierLadder, tierWindow } from '../../../domain/tiers/tiers.ts';
import type { BusinessId, CardId, IdSource } from '../../../domain/values/ids.ts';
import { type Instant, localDate } from '../../../domain/values/time.ts';
import { presentAmount } from '../../../domain/values/units.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import { cardIdentity, tierChanged } from '../card-events.ts';
import type { Handler } from '../handler.ts';

export interface EndTierPeriodsDependencies {
  store: CommandStore<{ books: LedgerBooks; tiers: TierBooks }>;
  ids: IdSource;
}

/** Cards a transaction: few, so that a sale on one of them waits for milliseconds. */
const BATCH = 50;

/**
 * Ends periods of levels and gives notice of those that will fall. May come late, twice, or die
 * half-way: what is done is found done, and cards that a sale holds are left to the next run.
 * Outcome: always `completed`, with how many cards were told or changed.
 */
export function createEndTierPeriodsHandler(
  deps: EndTierPeriodsDependencies,
): Handler<'end-tier-periods'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId, payload } of messages) {
      const at = Date.parse(payload.at);
      let cards = 0;
      let after: CardId | null = null;
      do {
        const batch: { last: CardId | null; changed: number } = await endBatch(deps, {
          businessId,
          at,
          after,
        });
        after = batch.last;
        cards += batch.changed;
      } while (after !== null);
      outcomes.push({ status: 'completed', transactionId: null, result: { cards } });
    }
    return outcomes;
  };
}

function endBatch(
  { store, ids }: EndTierPeriodsDependencies,
  { businessId, at, after }: { businessId: BusinessId; at: Instant; after: CardId | null },
) {
  return store.transact(async ({ books, tiers }) => {
    const due = await tiers.lockDue(businessId, { until: at + NOTICE_MS, after, limit: BATCH });
    if (due.length === 0) return { last: null, changed: 0 };
    const config = await books.loadConfig(businessId);
    const judged = due.flatMap((card) => {
      const program = config?.programs.find((p) => p.id === card.programId);
      // Without rules there is nothing to fall from: the level stands until there are some.
      const rules = program && versionAt(program, at)?.tiers;
      if (!program || !rules) return [];
      const ladder = ladderOf(rules, program.unit);
      const window = tierWindow(rules.window, localDate(card.holding.until, program.zone));
      return [{ card, program, ladder, window: { cardId: card.id, ...window } }];
    });
    const progress = await tiers.progressOf(
      businessId,
      judged.map(({ window }) => window),
    );
    const updates = judged.flatMap(({ card, program, ladder }, i) => {
      const reached = progress[i] ?? { earned: 0, spend: 0 };
      const clock = { now: at, zone: program.zone };
      const decision = endPeriod(ladder, { holding: card.holding, progress: reached }, clock);
      return toUpdate({ card, program, ladder }, decision, ids) ?? [];
    });
    await tiers.write(businessId, updates);
    return { last: due.at(-1)?.id ?? null, changed: updates.length };
  });
}

interface Judged {
  card: DueCard;
  program: Program;
  ladder: TierLadder;
}

function toUpdate(
  { card, program, ladder }: Judged,
  decision: PeriodDecision,
  ids: IdSource,
): TierUpdate | undefined {
  switch (decision.kind) {
    case 'wait':
      return undefined;
    case 'keep':
    case 'reassure':
      return { card, outcome: { kind: 'same', holding: decision.holding }, events: [] };
    case 'notice': {
      const { by } = ladder.rules;
      const event: OutboxEvent = {
        id: ids.id('evt'),
        type: 'tier.downgrade_due',
        data: {
          ...cardIdentity(card),
          sequence: card.sequence + 1,
          level: card.holding.level,
          wouldBecome: decision.wouldBecome,
          fallsAt: new Date(decision.fallsAt).toISOString(),
          missing:
            by === 'spend' ? decision.missing : presentAmount(decision.missing, program.unit),
          missingOf: by,
        },
      };
      return { card, outcome: { kind: 'same', holding: decision.holding }, events: [event] };
    }
    case 'downgrade': {
      const { change } = decision;
      const event = tierChanged(card, { ...change, direction: 'down' }, card.sequence + 1, ids);
      return { card, outcome: { kind: 'next', change }, events: [event] };
    }
    default:
      return decision satisfies never;
  }
}
