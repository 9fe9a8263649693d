import type { DueCard, TierBooks, TierUpdate } from '../../domain/tiers/tier-books.ts';
import type { TierHolding } from '../../domain/tiers/tiers.ts';
import type { BusinessId, CardId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { idSource } from '../ids/id-source.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import * as sql from './statements/tier-periods.ts';
import { insertCardTiers } from './statements/write-perks.ts';

/** Levels of cards, bound to one transaction's connection. */
export function createTierBooks(client: Queryable): TierBooks {
  return {
    async lockDue(businessId, { until, after, limit }) {
      const query = {
        business_id: toUuid(businessId),
        until: toIso(until),
        after: after && toUuid(after),
        count: limit,
      };
      const rows = await runStatement<sql.DueTierRow>(client, sql.lockDueTiers, [query]);
      return rows.map(toDueCard);
    },
    progressOf(businessId, windows) {
      const wanted = windows.map(({ cardId, from, to }, ordinal) => ({
        ordinal,
        business_id: toUuid(businessId),
        card_id: toUuid(cardId),
        from,
        to,
      }));
      return runStatement(client, sql.sumTierProgress, wanted);
    },
    async historyOf(businessId, cardIds) {
      const business_id = toUuid(businessId);
      const wanted = cardIds.map((id) => ({ business_id, card_id: toUuid(id) }));
      const rows = await runStatement<sql.HoldingRow>(client, sql.findHoldings, wanted);
      const history = new Map<CardId, TierHolding[]>();
      for (const { card_id, level, since, until, noticed_at: noticedAt } of rows) {
        const id = fromUuid('crd', card_id);
        history.set(id, [...(history.get(id) ?? []), { level, since, until, noticedAt }]);
      }
      return history;
    },
    async write(businessId, updates) {
      await runStatement(
        client,
        sql.changeHoldings,
        updates.flatMap((update) => holdingRow(businessId, update)),
      );
      await runStatement(
        client,
        insertCardTiers,
        updates.flatMap((update) => nextRow(businessId, update)),
      );
      await runStatement(
        client,
        sql.publishCardEvents,
        updates.flatMap((update) => eventRow(businessId, update)),
      );
    },
  };
}

function toDueCard(row: sql.DueTierRow): DueCard {
  const { level, since, until } = row;
  return {
    id: fromUuid('crd', row.card_id),
    programId: fromUuid('prg', row.program_id),
    customerId: fromUuid('cus', row.customer_id),
    sequence: row.sequence,
    holding: { level, since, until, noticedAt: row.noticed_at },
  };
}

function holdingRow(businessId: BusinessId, { card, outcome, events }: TierUpdate): object[] {
  if (outcome.kind !== 'same') return [];
  const { until, noticedAt } = outcome.holding;
  return [
    {
      business_id: toUuid(businessId),
      card_id: toUuid(card.id),
      until: toIso(until),
      noticed_at: noticedAt === null ? null : toIso(noticedAt),
      notices: events.length,
    },
  ];
}

function nextRow(businessId: BusinessId, { card, outcome }: TierUpdate): object[] {
  if (outcome.kind !== 'next') return [];
  const { level, since, until } = outcome.change.to;
  return [
    {
      business_id: toUuid(businessId),
      card_id: toUuid(card.id),
      since: toIso(since),
      program_id: toUuid(card.programId),
      level,
      until: toIso(until),
      is_current: true,
    },
  ];
}

function eventRow(businessId: BusinessId, { card, events }: TierUpdate): object[] {
  if (events.length === 0) return [];
  return [
    {
      business_id: toUuid(businessId),
      card_id: toUuid(card.id),
      id: toUuid(idSource.id('evt')),
      events,
      sequence: card.sequence + events.length,
    },
  ];
}
