import type { FraudBooks } from '../../domain/fraud/fraud-books.ts';
import { toUuid } from './ids.ts';
import { loadSightings } from './load-sightings.ts';
import type { Queryable } from './pool.ts';

/** What was seen, bound to one transaction's connection. */
export function createFraudBooks(client: Queryable): FraudBooks {
  return {
    see({ customerId, staffId, ...sighting }, config) {
      const { businessId } = sighting;
      return loadSightings(client, {
        sales: [
          {
            ...sighting,
            ...(staffId !== null && { staffId }),
            // Stamps by hand are given to a card that is known.
            customerId: customerId ?? undefined,
            totalMinor: null,
          },
        ],
        configs: new Map([[businessId, config]]),
        isNew: () => true,
      });
    },
    async lastEarned(businessId, lotIds) {
      if (lotIds.length === 0) return null;
      const { rows } = await client.query<{ at: number | null }>({
        name: 'last-earned',
        text: `SELECT max(earned_at) AS at FROM loyalty.lots
                WHERE business_id = $1 AND id = ANY($2)`,
        values: [toUuid(businessId), lotIds.map(toUuid)],
      });
      return rows[0]?.at ?? null;
    },
  };
}
