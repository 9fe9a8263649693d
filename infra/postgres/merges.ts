import type { Merge, Merges } from '../../domain/customers/merges.ts';
import type { LotDraw } from '../../domain/ledger/lots.ts';
import type { BusinessId, CardId } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import { toCard } from './cards.ts';
import type { Queryable } from './pool.ts';
import type { CardRow } from './statements/select-cards.ts';

interface MergeRow {
  id: string;
  survivor_id: string;
  merged_id: string;
  merged_at: number;
  detail: Pick<Merge, 'profile' | 'pairs' | 'handedOver' | 'earlier'>;
}

const findMerge = {
  name: 'find-merge',
  text: `
    SELECT id, survivor_id, merged_id, merged_at, detail FROM customer.merges
     WHERE business_id = $1 AND merged_id = $2 AND undone_at IS NULL
     ORDER BY merged_at DESC, id DESC LIMIT 1`,
};

const recordMerge = {
  name: 'record-merge',
  text: `
    INSERT INTO customer.merges (business_id, id, survivor_id, merged_id, merged_at, detail)
    VALUES ($1, $2, $3, $4, $5, $6)`,
};

const lockMergedCards = {
  name: 'lock-merged-cards',
  text: `
    SELECT * FROM loyalty.cards WHERE business_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE`,
};

/** Lots that hold something are found by their card; spent ones only by what drew from them. */
const openLots = {
  name: 'open-lots-of-card',
  text: `
    SELECT id FROM loyalty.lots WHERE business_id = $1 AND card_id = $2 AND remaining > 0`,
};
const drawnLots = {
  name: 'drawn-lots-of-card',
  text: `
    SELECT draws FROM loyalty.postings
     WHERE business_id = $1 AND draws IS NOT NULL
       AND card_id IN (SELECT $2::uuid UNION SELECT id FROM loyalty.cards
                        WHERE business_id = $1 AND merged_into = $2)`,
};

const placeCards = {
  name: 'place-cards',
  text: `
    UPDATE loyalty.cards c
       SET customer_id = r.customer_id, status = r.status, merged_into = r.merged_into,
           sequence = coalesce(r.sequence, c.sequence)
      FROM json_to_recordset($2::json)
           AS r (id uuid, customer_id uuid, status text, merged_into uuid, sequence bigint)
     WHERE c.business_id = $1 AND c.id = r.id`,
};

/** Merges, bound to one transaction's connection. */
export function createMerges(client: Queryable): Merges {
  async function lotsOf(businessId: BusinessId, card: CardId): Promise<string[]> {
    const values = [toUuid(businessId), toUuid(card)];
    const open = await client.query<{ id: string }>({ ...openLots, values });
    const drawn = await client.query<{ draws: LotDraw[] }>({ ...drawnLots, values });
    const spent = drawn.rows.flatMap(({ draws }) => draws.map((draw) => toUuid(draw.lotId)));
    return [...new Set([...open.rows.map((row) => row.id), ...spent])];
  }

  return {
    async find(businessId, mergedId) {
      const values = [toUuid(businessId), toUuid(mergedId)];
      const { rows } = await client.query<MergeRow>({ ...findMerge, values });
      return rows[0] && toMerge(rows[0]);
    },
    async lockMerged(businessId, ids) {
      const values = [toUuid(businessId), ids.map(toUuid)];
      const { rows } = await client.query<CardRow>({ ...lockMergedCards, values });
      return rows.map((row) => toCard(row, []));
    },
    async findEarlier(businessId, customerId) {
      const values = [toUuid(businessId), toUuid(customerId)];
      const cards = await client.query<{ id: string; merged_into: string }>({
        name: 'find-merged-cards',
        text: `
          SELECT id, merged_into FROM loyalty.cards
           WHERE business_id = $1 AND merged_into IN (
                   SELECT id FROM loyalty.cards WHERE business_id = $1 AND customer_id = $2
                      AND status <> 'merged')`,
        values,
      });
      const customers = await client.query<{ id: string }>({
        name: 'find-merged-customers',
        text: 'SELECT id FROM customer.customers WHERE business_id = $1 AND merged_into = $2',
        values,
      });
      return {
        cards: cards.rows.map((row) => ({
          cardId: fromUuid('crd', row.id),
          mergedInto: fromUuid('crd', row.merged_into),
        })),
        customers: customers.rows.map((row) => fromUuid('cus', row.id)),
      };
    },
    async moveHoldings(businessId, from, into) {
      const values = [toUuid(businessId), toUuid(from), toUuid(into.cardId)];
      const offers = await client.query<{ id: string }>({
        name: 'move-offers',
        text: `
          UPDATE loyalty.offer_instances SET card_id = $3, customer_id = $4
           WHERE business_id = $1 AND card_id = $2
             AND customer_id = (SELECT customer_id FROM loyalty.cards
                                 WHERE business_id = $1 AND id = $2)
          RETURNING id`,
        values: [...values, toUuid(into.customerId)],
      });
      const offerIds = offers.rows.map((row) => row.id);
      if (from === into.cardId) return { lotIds: [], rewardIds: [], offerIds };
      const lots = await client.query<{ id: string }>({
        name: 'move-lots',
        text: `
          UPDATE loyalty.lots SET card_id = $3
           WHERE business_id = $1 AND id = ANY($4) AND card_id = $2 RETURNING id`,
        values: [...values, await lotsOf(businessId, from)],
      });
      const rewards = await client.query<{ id: string }>({
        name: 'move-rewards',
        text: `
          UPDATE loyalty.issued_rewards SET card_id = $3
           WHERE business_id = $1 AND card_id = $2 RETURNING id`,
        values,
      });
      return {
        lotIds: lots.rows.map((row) => fromUuid('lot', row.id)),
        rewardIds: rewards.rows.map((row) => fromUuid('rwd', row.id)),
        offerIds,
      };
    },
    async moveBack(businessId, { lotIds = [], rewardIds = [], offerIds = [] }, to) {
      const [business, card] = [toUuid(businessId), toUuid(to.cardId)];
      for (const [table, ids] of [
        ['lots', lotIds],
        ['issued_rewards', rewardIds],
      ] as const) {
        await client.query({
          name: `move-back-${table}`,
          text: `UPDATE loyalty.${table} SET card_id = $2 WHERE business_id = $1 AND id = ANY($3)`,
          values: [business, card, ids.map(toUuid)],
        });
      }
      await client.query({
        name: 'move-back-offers',
        text: `
          UPDATE loyalty.offer_instances SET card_id = $2, customer_id = $4
           WHERE business_id = $1 AND id = ANY($3)`,
        values: [business, card, offerIds, toUuid(to.customerId)],
      });
    },
    async moveUses(businessId, { customerId, cardIds }, to) {
      await client.query({
        name: 'move-promotion-uses',
        text: `
          UPDATE loyalty.promotion_uses SET customer_id = $3
           WHERE business_id = $1 AND customer_id = $2
             AND ($4::uuid[] IS NULL OR card_id = ANY($4))`,
        values: [toUuid(businessId), toUuid(customerId), toUuid(to), cardIds?.map(toUuid) ?? null],
      });
    },
    async placeCards(businessId, places) {
      const rows = places.map((place) => ({
        id: toUuid(place.id),
        customer_id: toUuid(place.customerId),
        status: place.status,
        merged_into: place.mergedInto && toUuid(place.mergedInto),
        sequence: place.sequence,
      }));
      await client.query({ ...placeCards, values: [toUuid(businessId), JSON.stringify(rows)] });
    },
    async placeCustomers(businessId, ids, mergedInto) {
      await client.query({
        name: 'place-customers',
        text: `
          UPDATE customer.customers SET merged_into = $3, updated_at = now()
           WHERE business_id = $1 AND id = ANY($2)`,
        values: [toUuid(businessId), ids.map(toUuid), mergedInto && toUuid(mergedInto)],
      });
    },
    async record(businessId, merge) {
      const { id, survivorId, mergedId, mergedAt, ...detail } = merge;
      const values = [
        toUuid(businessId),
        toUuid(id),
        toUuid(survivorId),
        toUuid(mergedId),
        new Date(mergedAt),
        JSON.stringify(detail),
      ];
      await client.query({ ...recordMerge, values });
    },
    async close(businessId, id, at) {
      await client.query({
        name: 'close-merge',
        text: 'UPDATE customer.merges SET undone_at = $3 WHERE business_id = $1 AND id = $2',
        values: [toUuid(businessId), toUuid(id), new Date(at)],
      });
    },
  };
}

function toMerge({ id, survivor_id, merged_id, merged_at, detail }: MergeRow): Merge {
  return {
    id: fromUuid('txn', id),
    survivorId: fromUuid('cus', survivor_id),
    mergedId: fromUuid('cus', merged_id),
    mergedAt: merged_at,
    ...detail,
  };
}
