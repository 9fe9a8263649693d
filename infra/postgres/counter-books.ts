import type { CounterBooks } from '../../domain/counter/counter-books.ts';
import type { BusinessId, CustomerId, StaffId } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

const findCard = {
  name: 'find-card-by-code',
  text: `SELECT id FROM loyalty.cards WHERE business_id = $1 AND code = $2`,
};

// Whoever was merged away is still themselves: what was theirs is on the card of who carries on.
const samePerson = {
  name: 'is-same-person',
  text: `
    SELECT EXISTS (
      SELECT FROM business.staff s
        JOIN customer.customers c
          ON c.business_id = s.business_id AND (c.id = $3 OR c.merged_into = $3)
       WHERE s.business_id = $1 AND s.id = $2
         AND (lower(s.email) = c.email OR s.phone = c.phone
              OR EXISTS (SELECT FROM customer.identities i
                          WHERE i.business_id = s.business_id AND i.customer_id = c.id
                            AND i.subject = s.subject))) AS same`,
};

const customersOf = {
  name: 'find-customers-of-staff',
  text: `
    WITH member AS (
      SELECT business_id, lower(email) AS email, phone, subject FROM business.staff
       WHERE business_id = $1 AND id = $2)
    SELECT coalesce(c.merged_into, c.id) AS id FROM member m JOIN customer.customers c
        ON c.business_id = m.business_id AND c.email = m.email
    UNION
    SELECT coalesce(c.merged_into, c.id) FROM member m JOIN customer.customers c
        ON c.business_id = m.business_id AND c.phone = m.phone
    UNION
    SELECT coalesce(c.merged_into, c.id) FROM member m
      JOIN customer.identities i ON i.business_id = m.business_id AND i.subject = m.subject
      JOIN customer.customers c ON c.business_id = i.business_id AND c.id = i.customer_id`,
};

const findAward = {
  name: 'find-counter-award',
  text: `
    SELECT t.integration, t.store_id, t.occurred_at, l.card_id, sum(l.amount)::bigint AS amount,
           array_agg(l.id) AS lot_ids,
           EXISTS (SELECT FROM loyalty.transactions u
                    WHERE u.business_id = t.business_id AND u.original_id = t.id
                      AND u.kind = 'award') AS undone
      FROM loyalty.transactions t
      JOIN loyalty.postings p ON p.business_id = t.business_id AND p.transaction_id = t.id
                             AND p.from_account = 'issued'
      JOIN loyalty.lots l ON l.business_id = t.business_id AND l.card_id = p.card_id
                         AND l.transaction_id = t.id
     WHERE t.business_id = $1 AND t.id = $2 AND t.kind = 'award' AND t.integration LIKE 'staff:%'
     GROUP BY t.business_id, t.id, l.card_id`,
};

const findPurchase = {
  name: 'find-counter-purchase',
  text: `
    SELECT 'staff:' || t.integration AS "by", t.received_at AS at FROM loyalty.transactions t
     WHERE t.business_id = $1 AND t.id = $2 AND t.kind = 'purchase'
       AND t.integration LIKE 'stf\\_%' AND t.external_id LIKE 'counter/%'`,
};

interface AwardRow {
  integration: string;
  store_id: string | null;
  occurred_at: number;
  card_id: string;
  amount: number;
  lot_ids: string[];
  undone: boolean;
}

/** What a counter asks, bound to a connection. */
export function createCounterBooks(client: Queryable): CounterBooks {
  return {
    async findCardByCode(businessId, code) {
      const values = [toUuid(businessId), code];
      const { rows } = await client.query<{ id: string }>({ ...findCard, values });
      return rows[0] && fromUuid('crd', rows[0].id);
    },
    async isSamePerson(businessId: BusinessId, staffId: StaffId, customerId: CustomerId) {
      const values = [toUuid(businessId), toUuid(staffId), toUuid(customerId)];
      const { rows } = await client.query<{ same: boolean }>({ ...samePerson, values });
      return rows[0]?.same ?? false;
    },
    async customersOf(businessId, staffId) {
      const values = [toUuid(businessId), toUuid(staffId)];
      const { rows } = await client.query<{ id: string }>({ ...customersOf, values });
      return rows.map(({ id }) => fromUuid('cus', id));
    },
    async findPurchase(businessId, id) {
      const values = [toUuid(businessId), toUuid(id)];
      const { rows } = await client.query<{ by: string; at: number }>({ ...findPurchase, values });
      return rows[0];
    },
    async findAward(businessId, id) {
      const values = [toUuid(businessId), toUuid(id)];
      const { rows } = await client.query<AwardRow>({ ...findAward, values });
      const [row] = rows;
      if (!row) return undefined;
      return {
        by: row.integration,
        at: row.occurred_at,
        amount: row.amount,
        lotIds: row.lot_ids.map((lot) => fromUuid('lot', lot)),
        isUndone: row.undone,
        cardId: fromUuid('crd', row.card_id),
        storeId: row.store_id === null ? null : fromUuid('sto', row.store_id),
      };
    },
  };
}
