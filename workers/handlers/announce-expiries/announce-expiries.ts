import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Facts } from '../../../domain/ledger/facts.ts';
import type { Announcements, CardExpiry } from '../../../domain/mail/announcements.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { DAY_MS } from '../../../domain/values/time.ts';
import { presentAmount } from '../../../domain/values/units.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { Handler } from '../handler.ts';

export interface AnnounceExpiriesDependencies {
  store: CommandStore<{ announcements: Announcements; facts: Facts }>;
  ids: IdSource;
}

/** How far ahead it is told. */
const AHEAD_MS = 14 * DAY_MS;
/** A schedule that stood still catches up for so long; what ends sooner is not told any more. */
const CATCH_UP_MS = 3 * DAY_MS;
const BATCH = 200;

/**
 * Tells of what cards lose two weeks ahead, once a card and day. May come late, twice, or die
 * half-way: what was told is found told. Outcome: always `completed`, with how many were told.
 */
export function createAnnounceExpiriesHandler(
  deps: AnnounceExpiriesDependencies,
): Handler<'announce-expiries'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId, payload } of messages) {
      const to = Date.parse(payload.at) + AHEAD_MS;
      const within = { from: to - CATCH_UP_MS, to, limit: BATCH };
      let cards = 0;
      let found: number;
      do {
        const batch = await deps.store.transact(async ({ announcements, facts }) => {
          const ends = await announcements.findExpiring(businessId, within);
          const mine = await announcements.claimExpiries(businessId, ends);
          await facts.publish(
            businessId,
            mine.map((end) => expiryDue(end, deps.ids)),
          );
          return { found: ends.length, told: mine.length };
        });
        found = batch.found;
        cards += batch.told;
      } while (found === BATCH);
      outcomes.push({ status: 'completed', transactionId: null, result: { cards } });
    }
    return outcomes;
  };
}

function expiryDue(end: CardExpiry, ids: IdSource): OutboxEvent {
  const { cardId, programId, customerId, unit, day, amount } = end;
  return {
    id: ids.id('evt'),
    type: 'card.expiry_due',
    data: {
      cardId,
      programId,
      customerId,
      expiresOn: day,
      amount: presentAmount(amount, unit),
      rewards: [...end.rewards],
    },
  };
}
